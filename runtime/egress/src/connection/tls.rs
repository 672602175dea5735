//! TLS of one destination: who is believed, and who we are.

use std::path::Path;
use std::sync::Arc;

use portcullis_policy::network::{Tls, TlsVersion};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};

use super::SetupError;
use crate::inputs::{InputError, Inputs};

/// Public authorities, as the system has them: read once for a client.
pub(crate) fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    // What the system keeps there and is no certificate is not ours to mend.
    let (_added, _ignored) = roots.add_parsable_certificates(found.certs);
    roots
}

/// The configuration of one TLS identity.
pub(crate) fn config(
    tls: &Tls,
    public: &Arc<RootCertStore>,
    inputs: &dyn Inputs,
) -> Result<ClientConfig, SetupError> {
    let roots = match &tls.ca {
        Some(path) => Arc::new(authorities(path, inputs)?),
        None => Arc::clone(public),
    };
    let versions: &[&rustls::SupportedProtocolVersion] = match tls.min {
        TlsVersion::V1_2 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        TlsVersion::V1_3 => &[&rustls::version::TLS13],
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(|error| SetupError::Tls(error.to_string()))?
        .with_root_certificates(Arc::clone(&roots));
    let mut config = match &tls.identity {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let (chain, key) = identity(path, inputs)?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| InputError::new(path, format!("no usable client identity: {error}")))?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    if let Some(name) = &tls.server_name {
        // The request still names its own host, which HTTP/2 would take from the URL: see `origin.rs`.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        ServerName::try_from(name.clone())
            .map_err(|_| SetupError::Tls(format!("`{name}` is no name that a certificate can have")))?;
    }
    Ok(config)
}

/// A file with certificates, or a folder of such files. They replace the public authorities.
fn authorities(path: &Path, inputs: &dyn Inputs) -> Result<RootCertStore, SetupError> {
    let files = if path.is_dir() { inputs.folder(path)? } else { vec![path.to_owned()] };
    let mut roots = RootCertStore::empty();
    for file in files {
        for certificate in certificates(&file, inputs)? {
            roots
                .add(certificate)
                .map_err(|error| InputError::new(&file, format!("holds no usable authority: {error}")))?;
        }
    }
    if roots.is_empty() {
        let problem = "holds no certificate: expected `-----BEGIN CERTIFICATE-----`";
        return Err(InputError::new(path, problem).into());
    }
    Ok(roots)
}

fn identity(
    path: &Path,
    inputs: &dyn Inputs,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), SetupError> {
    let chain = certificates(path, inputs)?;
    let key = PrivateKeyDer::from_pem_slice(&inputs.file(path)?).map_err(|_| {
        InputError::new(path, "holds no private key: expected certificate and key, both as PEM, in one file")
    })?;
    if chain.is_empty() {
        let problem = "holds no certificate: expected certificate and key, both as PEM, in one file";
        return Err(InputError::new(path, problem).into());
    }
    Ok((chain, key))
}

fn certificates(path: &Path, inputs: &dyn Inputs) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let pem = inputs.file(path)?;
    CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|_| InputError::new(path, "is not PEM: expected `-----BEGIN CERTIFICATE-----`").into())
}
