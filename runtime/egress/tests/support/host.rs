//! The host of a test: its files, its variables, its clock, and a client of one destination.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http_body_util::BodyExt as _;
use portcullis_egress::{Client, GuestTimeouts, InputError, Inputs, RequestBody, SendError};
use portcullis_policy::{Policy, PortcullisFile, Profile, Request};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// What a test says the host has.
#[derive(Default)]
pub(crate) struct Host {
    variables: Mutex<HashMap<String, String>>,
    untrusted: Mutex<HashSet<PathBuf>>,
    /// Files at places where a test may write none.
    files: Mutex<HashMap<PathBuf, Vec<u8>>>,
    /// How far the clock is ahead.
    ahead: Mutex<Duration>,
}

impl Host {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn set(&self, name: &str, value: &str) {
        self.variables.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Says that there is such a file.
    pub(crate) fn put(&self, path: &str, content: &str) {
        self.files.lock().unwrap().insert(path.into(), content.as_bytes().to_vec());
    }

    pub(crate) fn distrust(&self, path: &Path) {
        self.untrusted.lock().unwrap().insert(path.to_owned());
    }

    /// Moves the clock on.
    pub(crate) fn pass(&self, time: Duration) {
        *self.ahead.lock().unwrap() += time;
    }
}

impl Inputs for Host {
    fn file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        if self.untrusted.lock().unwrap().contains(path) {
            return Err(InputError::new(path, "others may write it: chmod go-w"));
        }
        if let Some(content) = self.files.lock().unwrap().get(path) {
            return Ok(Zeroizing::new(content.clone()));
        }
        let read = std::fs::read(path);
        read.map(Zeroizing::new).map_err(|error| InputError::new(path, error.kind().to_string()))
    }

    fn variable(&self, name: &str) -> Option<SecretString> {
        self.variables.lock().unwrap().get(name).map(|value| value.as_str().into())
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_705_320_000) + *self.ahead.lock().unwrap()
    }
}

/// A provider with one destination, and its client.
pub(crate) struct Provider {
    policy: Policy,
    client: Client,
    origin: String,
}

impl Provider {
    /// With `keys` of the destination beside its name and origin.
    pub(crate) fn new(host: &Arc<Host>, origin: &str, keys: &str) -> Self {
        let network = format!("[{{ name: store, origin: '{origin}', {keys} }}]");
        let text = format!("version: 1\nproviders:\n  p: {{ component: x.wasm, network: {network} }}\n");
        let mut file =
            PortcullisFile::parse("p.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let provider = file.providers.remove("p").unwrap();
        let policy = Policy::compile(provider.name, Profile::Custom, provider.grants, None).unwrap();
        let inputs = Arc::clone(host);
        let client = Client::builder(inputs).build(&policy).unwrap_or_else(|error| panic!("{error}\n{text}"));
        Self { policy, client, origin: origin.to_owned() }
    }

    /// With a credential, for every request.
    pub(crate) fn with_credential(host: &Arc<Host>, origin: &str, credential: &str) -> Self {
        let keys = format!("allow: [GET /**, PUT /**], credential: {{ {credential} }}");
        Self::new(host, origin, &keys)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<(u16, String), SendError> {
        self.send("GET", path, &[], "").await
    }

    /// Sends a request of the guest's. Gives the status, then all headers and the body as one text.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<(u16, String), SendError> {
        let url = format!("{}{path}", self.origin);
        let names = headers.iter().map(|(name, _)| *name);
        let request = Request::parse(method, &url, names).unwrap_or_else(|error| panic!("{error}"));
        let request = self.policy.decide_request(&request).unwrap_or_else(|denial| panic!("{denial}"));
        let mut map = http::HeaderMap::new();
        for (name, value) in headers {
            map.insert(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        let body = RequestBody::full(body.to_owned());
        let response = self.client.send(&request, &map, body, GuestTimeouts::default()).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        let text = format!("{:?}\n{}", parts.headers, String::from_utf8_lossy(&body));
        Ok((parts.status.as_u16(), text))
    }
}
