//! Why a request got no answer, by what can be done about it. Pure.

use crate::bindings::wasi::http::types::{ErrorCode, HeaderError};

/// What went wrong in one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The URL is none.
    Url(super::UrlError),
    /// The host takes no such header; its name, and why.
    Header(String, &'static str),
    /// The host takes no such method, authority or path.
    Refused(&'static str),
    /// The policy says no.
    Denied,
    /// A limit on requests.
    Limit,
    /// The connection failed, before or after the request was sent: another try may help.
    Connection(&'static str),
    /// The server's certificate is not trusted, or TLS failed otherwise.
    Certificate,
    /// The answer has more bytes than the host or the author allows; the number, where it is known.
    TooLarge(Option<u64>),
    /// What came is no answer that the host takes, or something else failed; the code's name.
    Broken(&'static str),
}

impl Fault {
    /// A header that the host did not take.
    pub(super) fn header(name: &str, error: HeaderError) -> Self {
        let why = match error {
            HeaderError::InvalidSyntax => "it is no header of HTTP",
            HeaderError::Forbidden | HeaderError::Immutable => "it belongs to the host",
        };
        Self::Header(super::text::shown(name), why)
    }

    /// Whether the same request may have another outcome when it is sent again.
    pub(super) const fn passes(&self) -> bool {
        matches!(self, Self::Connection(_))
    }
}

/// From the interface's codes, of which there are more than reactions.
impl From<ErrorCode> for Fault {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::HttpRequestDenied => Self::Denied,
            ErrorCode::DestinationIpProhibited => Self::Denied,
            ErrorCode::ConnectionLimitReached => Self::Limit,
            ErrorCode::DnsTimeout => Self::Connection("its name is not resolved in time"),
            ErrorCode::DnsError(_) | ErrorCode::DestinationNotFound => {
                Self::Connection("its name is not resolved")
            }
            ErrorCode::DestinationUnavailable | ErrorCode::DestinationIpUnroutable => {
                Self::Connection("it is not reachable")
            }
            ErrorCode::ConnectionRefused => Self::Connection("it refuses connections"),
            ErrorCode::ConnectionTerminated => Self::Connection("the connection broke"),
            ErrorCode::ConnectionTimeout => Self::Connection("no connection was made in time"),
            ErrorCode::ConnectionReadTimeout | ErrorCode::HttpResponseTimeout => {
                Self::Connection("it does not answer in time")
            }
            ErrorCode::ConnectionWriteTimeout => Self::Connection("it does not take the request in time"),
            ErrorCode::HttpResponseIncomplete => Self::Connection("its answer is not complete"),
            ErrorCode::TlsCertificateError | ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => {
                Self::Certificate
            }
            ErrorCode::HttpResponseBodySize(size) => Self::TooLarge(size),
            ErrorCode::HttpRequestMethodInvalid => Self::Refused("method"),
            ErrorCode::HttpRequestUriInvalid | ErrorCode::HttpRequestUriTooLong => Self::Refused("URL"),
            ErrorCode::HttpRequestBodySize(_) | ErrorCode::HttpRequestLengthRequired => Self::Refused("body"),
            ErrorCode::HttpRequestHeaderSectionSize(_) | ErrorCode::HttpRequestHeaderSize(_) => {
                Self::Refused("headers")
            }
            ErrorCode::HttpResponseHeaderSectionSize(_) | ErrorCode::HttpResponseHeaderSize(_) => {
                Self::Broken("its headers are too large")
            }
            ErrorCode::HttpProtocolError => Self::Broken("it does not speak HTTP"),
            ErrorCode::InternalError(_) => Self::Broken("the host failed"),
            _ => Self::Broken("what it sent is not taken"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorCode, Fault};

    #[test]
    fn what_broke_may_pass_and_what_was_decided_does_not() {
        let rows = [
            (ErrorCode::HttpRequestDenied, Fault::Denied, false),
            (ErrorCode::DestinationIpProhibited, Fault::Denied, false),
            (ErrorCode::ConnectionLimitReached, Fault::Limit, false),
            (ErrorCode::ConnectionRefused, Fault::Connection("it refuses connections"), true),
            (ErrorCode::ConnectionTerminated, Fault::Connection("the connection broke"), true),
            (ErrorCode::HttpResponseTimeout, Fault::Connection("it does not answer in time"), true),
            (ErrorCode::TlsCertificateError, Fault::Certificate, false),
            (ErrorCode::HttpResponseBodySize(Some(7)), Fault::TooLarge(Some(7)), false),
            (ErrorCode::HttpRequestUriInvalid, Fault::Refused("URL"), false),
            (ErrorCode::HttpProtocolError, Fault::Broken("it does not speak HTTP"), false),
            (ErrorCode::LoopDetected, Fault::Broken("what it sent is not taken"), false),
            (ErrorCode::InternalError(Some("secret".into())), Fault::Broken("the host failed"), false),
        ];
        for (code, expected, passes) in rows {
            let fault = Fault::from(code);
            assert_eq!(fault, expected);
            assert_eq!(fault.passes(), passes, "{fault:?}");
        }
    }
}
