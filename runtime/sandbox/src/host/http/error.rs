//! What a guest is told of a request that failed: the kind, and nothing of the inside.

use portcullis_egress::SendError;
use portcullis_policy::Bytes;
use wasmtime_wasi_http::Error;

pub(super) fn for_guest(error: &SendError) -> Error {
    let size = |limit: &Bytes| Some(limit.get());
    match error {
        SendError::Denied(_) => Error::HttpRequestDenied,
        SendError::Credential(_) => Error::ConfigurationError,
        SendError::Busy { .. } => Error::ConnectionLimitReached,
        SendError::NoAddress(_) => Error::DestinationNotFound,
        SendError::ConnectTimeout => Error::ConnectionTimeout,
        SendError::Connect(_) => Error::ConnectionRefused,
        SendError::Certificate(_) => Error::TlsCertificateError,
        SendError::Tls(_) => Error::TlsProtocolError,
        SendError::ResponseTimeout | SendError::Deadline => Error::HttpResponseTimeout,
        SendError::RequestBody(limit) => Error::HttpRequestBodySize(size(limit)),
        SendError::ResponseBody(limit) => Error::HttpResponseBodySize(size(limit)),
        SendError::ResponseHeaders => Error::HttpResponseHeaderSectionSize(None),
        SendError::Terminated => Error::ConnectionTerminated,
        _ => Error::HttpProtocolError,
    }
}
