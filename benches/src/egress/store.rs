//! A store on this machine that answers after a while, and what it takes to send it requests.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use portcullis_egress::{Client, InputError, Inputs};
use portcullis_policy::{Policy, PortcullisFile, Profile};
use portcullis_test_servers::certificates::{Authority, Fault};
use portcullis_test_servers::{Behaviour, Connection, Server};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// What the store answers with, as long as a value in JSON is.
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 512\r\n\r\n";

/// What every request bears.
pub(super) const CREDENTIAL: &str = "hvs.0123456789abcdef0123456789abcdef";

/// Answers every request of a connection, each after a delay.
struct Late(Duration);

#[async_trait]
impl Behaviour for Late {
    async fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        let answer = [ANSWER, &[b'v'; 512]].concat();
        while connection.request().await?.is_some() {
            if !self.0.is_zero() {
                tokio::time::sleep(self.0).await;
            }
            connection.send(&answer).await?;
        }
        Ok(())
    }
}

/// A store on this machine.
pub(super) struct Store {
    pub(super) server: Server,
    /// How it is reached.
    pub(super) site: Site,
}

/// A store as those see it who send it requests.
pub(super) struct Site {
    pub(super) url: String,
    /// The certificate of its authority.
    pub(super) pem: String,
    /// The policy of a provider that may read it.
    pub(super) policy: Arc<Policy>,
}

/// The files of the host: its authority, whatever the path.
struct Host(String);

impl Inputs for Host {
    fn file(&self, _path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        Ok(Zeroizing::new(self.0.clone().into_bytes()))
    }

    fn variable(&self, _name: &str) -> Option<SecretString> {
        None
    }
}

impl Store {
    pub(super) fn open(delay: Duration) -> anyhow::Result<Self> {
        let authority = Authority::new()?;
        let server = Server::tls(authority.server(&["localhost"], Fault::None)?, Late(delay))?;
        let site = Site::new(server.origin_at("localhost"), authority.pem())?;
        Ok(Self { server, site })
    }
}

impl Site {
    pub(super) fn new(origin: String, pem: String) -> anyhow::Result<Self> {
        let text = format!(
            "version: 1\nproviders:\n  p:\n    component: x.wasm\n    limits: {{ wall: 60s, cpu: 60s }}\n    network:\n      \
             - name: store\n        origin: {origin}\n        allow: [GET /v1/**]\n        tls: {{ ca: /ca.pem }}\n        \
             limits: {{ concurrent: 16 }}\n        \
             credential: {{ kind: vault, from: {{ value: {CREDENTIAL} }} }}\n",
        );
        let file = PortcullisFile::parse("p.yaml", &text)?;
        let provider = file.providers.into_values().next().context("a provider")?;
        let policy = Policy::compile(provider.name, Profile::Custom, provider.grants, None)?;
        Ok(Self { url: format!("{origin}/v1/kv/data/app"), pem, policy: Arc::new(policy) })
    }

    /// The client of the product.
    pub(super) fn client(&self) -> anyhow::Result<Arc<Client>> {
        Ok(Arc::new(Client::builder(Arc::new(Host(self.pem.clone()))).build(&self.policy)?))
    }

    /// A client without any of our checks, with the same TLS.
    pub(super) fn bare(&self) -> anyhow::Result<reqwest::Client> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem.as_bytes())?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().tcp_nodelay(true).build()?)
    }
}
