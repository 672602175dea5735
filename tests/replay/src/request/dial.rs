//! What the client would dial for a request: the client itself is asked, and finds no address.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use async_trait::async_trait;
use portcullis_egress::{Client, GuestTimeouts, InputError, Inputs, Lookup, RequestBody, SendError};
use portcullis_policy::{AuthorizedRequest, Policy};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Remembers what was looked up, and finds nothing.
#[derive(Default)]
struct Nowhere(Mutex<Vec<String>>);

#[async_trait]
impl Lookup for Nowhere {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(host.to_owned());
        Ok(Vec::new())
    }
}

/// A host with one credential for all.
struct Host;

impl Inputs for Host {
    fn file(&self, _path: &std::path::Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        Ok(Zeroizing::new(b"credential".to_vec()))
    }

    fn variable(&self, _name: &str) -> Option<SecretString> {
        None
    }
}

static NAMES: LazyLock<Arc<Nowhere>> = LazyLock::new(Arc::default);
static CLIENT: Mutex<Option<Client>> = Mutex::new(None);

/// The names that are looked up when this request is sent. Nothing is connected to: none has an address.
pub(super) fn asked_for(policy: &Policy, request: &AuthorizedRequest) -> Vec<String> {
    // One request at a time, so that the names are its own.
    let mut client = CLIENT.lock().unwrap_or_else(PoisonError::into_inner);
    let client = client.get_or_insert_with(|| {
        let names: Arc<dyn Lookup> = Arc::<Nowhere>::clone(&NAMES);
        Client::builder(Arc::new(Host)).lookup(names).build(policy).expect("a client")
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let headers = http::HeaderMap::new();
    let sent =
        runtime.block_on(client.send(request, &headers, RequestBody::empty(), GuestTimeouts::default()));
    assert!(matches!(sent, Err(SendError::NoAddress(_))), "{request:?}: {sent:?}");
    std::mem::take(&mut *NAMES.0.lock().unwrap_or_else(PoisonError::into_inner))
}
