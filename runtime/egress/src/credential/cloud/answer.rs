//! Answers of token endpoints. What they say of an error is shown only where it is a known code.

use bytes::Bytes;
use serde_json::Value;

use super::super::CredentialError;
use super::ask::Ask;

/// Codes that token endpoints give (RFC 6749, RFC 8693, and those of the clouds). Anything else in their place is not shown: an
/// endpoint could repeat there what it was sent.
const CODES: &[&str] = &[
    "access_denied",
    "consent_required",
    "identity_not_found",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_resource",
    "invalid_scope",
    "invalid_target",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "FAILED_PRECONDITION",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "UNAUTHENTICATED",
    "UNAVAILABLE",
    "AccessDenied",
    "ExpiredToken",
    "ExpiredTokenException",
    "IDPCommunicationError",
    "IDPRejectedClaim",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidAction",
    "InvalidClientTokenId",
    "InvalidIdentityToken",
    "MalformedPolicyDocument",
    "MissingAuthenticationToken",
    "MissingParameter",
    "OptInRequired",
    "PackedPolicyTooLarge",
    "RegionDisabledException",
    "RequestExpired",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "Throttling",
    "UnrecognizedClientException",
    "ValidationError",
];

/// The code, where it is a known one.
pub(crate) fn known(text: &str) -> Option<&'static str> {
    CODES.iter().find(|code| **code == text).copied()
}

/// `the token endpoint answered with status 400 (invalid_client, AADSTS7000215)`.
pub(crate) fn words(who: &str, status: http::StatusCode, codes: &[String]) -> String {
    let status = status.as_u16();
    if codes.is_empty() {
        format!("{who} answered with status {status}")
    } else {
        format!("{who} answered with status {status} ({})", codes.join(", "))
    }
}

/// The object that an endpoint answered with. `who` is the endpoint in words.
pub(crate) fn json(
    ask: &Ask<'_>,
    who: &str,
    response: &http::Response<Bytes>,
) -> Result<Value, CredentialError> {
    let body: Option<Value> = serde_json::from_slice(response.body()).ok();
    if response.status() != http::StatusCode::OK {
        let codes = body.as_ref().map(codes).unwrap_or_default();
        return Err(ask.error(words(who, response.status(), &codes)));
    }
    body.filter(Value::is_object)
        .ok_or_else(|| ask.error(format!("{who} answered with something that is no JSON object")))
}

/// What an error says, of what may be shown.
fn codes(body: &Value) -> Vec<String> {
    let error = body.get("error");
    let texts = [error, error.and_then(|error| error.get("status")), body.get("code"), body.get("Code")];
    let known = texts.into_iter().flatten().filter_map(Value::as_str).filter_map(known);
    let numbers = body.get("error_codes").and_then(Value::as_array).into_iter().flatten();
    known
        .map(str::to_owned)
        .chain(numbers.filter_map(Value::as_u64).take(3).map(|number| format!("AADSTS{number}")))
        .collect()
}
