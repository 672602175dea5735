//! A token endpoint's side of signed statements.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::Value;

pub(crate) const KEY: &str = include_str!("testdata/key.pem");
pub(crate) const PKCS1_KEY: &str = include_str!("testdata/pkcs1-key.pem");
pub(crate) const CERTIFICATE: &str = include_str!("testdata/certificate.pem");
pub(crate) const EC_KEY: &str = include_str!("testdata/ec-key.pem");
pub(crate) const EC_CERTIFICATE: &str = include_str!("testdata/ec-certificate.pem");
pub(crate) const ENCRYPTED_KEY: &str = include_str!("testdata/encrypted-key.pem");

/// Header and claims of a statement that the test key has signed.
pub(crate) fn verify(statement: &str, algorithm: &str) -> Option<(Value, Value)> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let (signed, signature) = statement.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
    let how: &'static dyn VerificationAlgorithm = match algorithm {
        "PS256" => &RSA_PSS_2048_8192_SHA256,
        _ => &RSA_PKCS1_2048_8192_SHA256,
    };
    if header["alg"] != algorithm || header["typ"] != "JWT" {
        return None;
    }
    let PrivateKeyDer::Pkcs8(key) = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap() else {
        return None;
    };
    let key = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap();
    let public = UnparsedPublicKey::new(how, key.public_key().as_ref());
    public.verify(signed.as_bytes(), &decode(signature)?).ok()?;
    Some((header, serde_json::from_slice(&decode(claims)?).ok()?))
}
