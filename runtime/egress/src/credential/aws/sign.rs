//! The signature of a request (Signature Version 4), by AWS's own signer.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign as signed,
};
use aws_sigv4::sign::v4;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use secrecy::SecretString;
use url::Url;

/// A request that is to be signed.
pub(crate) struct Unsigned<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    /// All that is sent, but for what the connection adds.
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// Whose signature, for what, when.
pub(crate) struct Scope<'a> {
    pub(crate) keys: &'a Credentials,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) now: SystemTime,
}

/// The headers that sign a request, and the signature.
pub(crate) struct Signature {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) text: SecretString,
}

/// Signs a request. The error holds nothing of it.
pub(crate) fn sign(request: &Unsigned<'_>, scope: &Scope<'_>) -> Result<Signature, &'static str> {
    let mut settings = SigningSettings::default();
    if scope.service == "s3" {
        // The one service with rules of its own.
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let identity = scope.keys.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(scope.now)
        .settings(settings)
        .build()
        .map_err(|_| "the keys cannot sign")?
        .into();
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| value.to_str().map(|value| (name.as_str(), value)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| "a header of the request is not ASCII text: such a header cannot be signed")?;
    let signable = SignableRequest::new(
        request.method.as_str(),
        request.url.as_str(),
        headers.into_iter(),
        SignableBody::Bytes(request.body),
    )
    .map_err(|_| "the request cannot be signed")?;
    let (instructions, text) =
        signed(signable, &parameters).map_err(|_| "the request cannot be signed")?.into_parts();
    let (added, _query) = instructions.into_parts();
    let mut headers = Vec::new();
    for header in added {
        let name =
            HeaderName::from_bytes(header.name().as_bytes()).map_err(|_| "a header of the signature")?;
        let mut value = HeaderValue::from_str(header.value())
            .map_err(|_| "the keys are not one line of printable text")?;
        value.set_sensitive(true);
        headers.push((name, value));
    }
    Ok(Signature { headers, text: text.into() })
}
