//! The statement with which an application proves that it has the key of its certificate.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use ring::rand::{SecureRandom as _, SystemRandom};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::super::cloud::{Algorithm, Ask, Key, base64url};

/// How long a statement is valid: it is sent at once, and clocks differ.
const VALID: Duration = Duration::from_secs(600);

/// Signs a statement for the token endpoint at `url`. The error says what is wrong with certificate and key, and nothing of them.
pub(super) fn statement(
    ask: &Ask<'_>,
    pem: &SecretString,
    with_chain: bool,
    client: &str,
    url: &str,
) -> Result<SecretString, &'static str> {
    let pem = pem.expose_secret();
    let key = Key::from_pem(pem)?;
    let certificates: Vec<CertificateDer<'_>> = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| "a certificate is not PEM: expected `-----BEGIN CERTIFICATE-----`")?;
    if certificates.is_empty() {
        return Err("no certificate: expected certificate and key, both as PEM, in one text");
    }
    let public = key.public();
    let holds_key =
        |certificate: &&CertificateDer<'_>| certificate.windows(public.len()).any(|window| window == public);
    let own =
        certificates.iter().find(holds_key).ok_or("the private key is that of no certificate in the text")?;
    let mut header = json!({ "x5t#S256": base64url(digest::digest(&digest::SHA256, own).as_ref()) });
    if with_chain && let Some(header) = header.as_object_mut() {
        let others = certificates.iter().filter(|certificate| *certificate != own);
        let chain: Vec<String> =
            std::iter::once(own).chain(others).map(|certificate| STANDARD.encode(certificate)).collect();
        header.insert("x5c".to_owned(), chain.into());
    }
    let mut id = [0; 16];
    SystemRandom::new().fill(&mut id).map_err(|_| "the system has no random numbers")?;
    let now = ask.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let claims = json!({
        "aud": url,
        "iss": client,
        "sub": client,
        "jti": base64url(&id),
        "nbf": now,
        "iat": now,
        "exp": now.saturating_add(VALID.as_secs()),
    });
    key.sign(Algorithm::Ps256, header, &claims)
}
