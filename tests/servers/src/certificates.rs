//! Authorities and identities of test servers.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Why there is no certificate.
#[derive(Debug)]
pub struct Broken(String);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no certificate for the test: {}", self.0)
    }
}

impl std::error::Error for Broken {}

fn broken(error: impl std::fmt::Display) -> Broken {
    Broken(error.to_string())
}

/// An authority of a test.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// What is wrong with an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYet,
    /// It signed itself.
    SelfSigned,
    /// It is one of a client.
    ClientOnly,
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    ///
    /// Where keys cannot be made.
    pub fn new() -> Result<Self, Broken> {
        let key = KeyPair::generate().map_err(broken)?;
        let mut params = CertificateParams::new(Vec::new()).map_err(broken)?;
        params.distinguished_name = name("Portcullis tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, key).map_err(broken)? })
    }

    /// Its certificate, as a policy's `tls.ca` takes it.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// The configuration of a server with these names (or addresses), for HTTP/1.1.
    ///
    /// # Errors
    ///
    /// Where keys cannot be made.
    pub fn server(&self, names: &[&str], fault: Fault) -> Result<ServerConfig, Broken> {
        let key = KeyPair::generate().map_err(broken)?;
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).map_err(broken)?;
        params.distinguished_name = name("a test server");
        params.extended_key_usages = vec![match fault {
            Fault::ClientOnly => ExtendedKeyUsagePurpose::ClientAuth,
            _ => ExtendedKeyUsagePurpose::ServerAuth,
        }];
        match fault {
            Fault::Expired => {
                params.not_before = date_time_ymd(2001, 1, 1);
                params.not_after = date_time_ymd(2002, 1, 1);
            }
            Fault::NotYet => {
                params.not_before = date_time_ymd(2999, 1, 1);
                params.not_after = date_time_ymd(3000, 1, 1);
            }
            Fault::None | Fault::SelfSigned | Fault::ClientOnly => {}
        }
        let certificate = if fault == Fault::SelfSigned {
            params.self_signed(&key).map_err(broken)?
        } else {
            params.signed_by(&key, &self.issuer).map_err(broken)?
        };
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(broken)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(broken)?;
        Ok(with_protocol(config, b"http/1.1"))
    }
}

/// The same server for another protocol: `h2`.
#[must_use]
pub fn with_protocol(mut config: ServerConfig, protocol: &[u8]) -> ServerConfig {
    config.alpn_protocols = vec![protocol.to_vec()];
    config
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}
