//! Signed statements (RFC 7515, RFC 7519), and the RSA keys that sign them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::SecretString;
use serde_json::Value;
use zeroize::Zeroizing;

/// How a statement is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5.
    #[cfg_attr(not(feature = "google"), expect(dead_code, reason = "Google's"))]
    Rs256,
    /// RSASSA-PSS.
    #[cfg_attr(not(feature = "azure"), expect(dead_code, reason = "Azure's"))]
    Ps256,
}

/// An RSA key.
pub(crate) struct Key(RsaKeyPair);

impl Key {
    /// The first private key of a PEM text. The error says what is wrong, and nothing of the text.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, &'static str> {
        if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(
                "the private key is encrypted: write it without a password, in a file that only the service reads",
            );
        }
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| "no private key: expected `-----BEGIN PRIVATE KEY-----`")?;
        let key = match &der {
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err("the private key is none of RSA"),
        };
        key.map(Self).map_err(|_| "the private key is none of RSA of 2048 to 4096 bits")
    }

    /// Its public half as PKCS#1, as it stands inside a certificate.
    #[cfg(feature = "azure")]
    pub(crate) fn public(&self) -> &[u8] {
        ring::signature::KeyPair::public_key(&self.0).as_ref()
    }

    /// A statement with its signature. `header` gets `alg` and `typ`.
    pub(crate) fn sign(
        &self,
        algorithm: Algorithm,
        mut header: Value,
        claims: &Value,
    ) -> Result<SecretString, &'static str> {
        let (name, padding): (&str, &dyn RsaEncoding) = match algorithm {
            Algorithm::Rs256 => ("RS256", &RSA_PKCS1_SHA256),
            Algorithm::Ps256 => ("PS256", &RSA_PSS_SHA256),
        };
        if let Some(header) = header.as_object_mut() {
            header.insert("alg".to_owned(), name.into());
            header.insert("typ".to_owned(), "JWT".into());
        }
        let mut statement = Zeroizing::new(base64url(header.to_string().as_bytes()));
        statement.push('.');
        statement.push_str(&base64url(claims.to_string().as_bytes()));
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(padding, &SystemRandom::new(), statement.as_bytes(), &mut signature)
            .map_err(|_| "the key cannot sign")?;
        statement.push('.');
        statement.push_str(&base64url(&signature));
        Ok(statement.as_str().into())
    }
}

/// Base64 for URLs, without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
