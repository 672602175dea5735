//! What a connection is made to: the host, a proxy, or a socket of this machine.

use std::path::PathBuf;

use super::destination::absolute;
use super::{Origin, Scheme};
use crate::document::{Field, FileError};

/// What a connection is made to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Via {
    /// The origin's own host.
    #[default]
    Host,
    /// A proxy, which connects to the host: then the proxy's address is the one that is judged.
    Proxy(Origin),
    /// A Unix socket of this machine; the origin's host is a name in the request and is not looked up.
    Socket(PathBuf),
}

impl Via {
    pub(super) fn parse(
        proxy: Option<&Field<'_>>,
        socket: Option<&Field<'_>>,
        origin: &Origin,
    ) -> Result<Self, FileError> {
        match (proxy, socket) {
            (None, None) => Ok(Self::Host),
            (Some(_), Some(socket)) => Err(socket.error("a proxy is named too: keep one of both")),
            (Some(field), None) => {
                let proxy: Origin = field.parsed("an origin", str::parse)?;
                if proxy.scheme() != Scheme::Http || proxy.wildcard_suffix().is_some() {
                    return Err(field.error("expected `http://HOST:PORT` without a wildcard"));
                }
                Ok(Self::Proxy(proxy))
            }
            (None, Some(field)) => {
                if origin.scheme() != Scheme::Http || origin.wildcard_suffix().is_some() {
                    return Err(field.error("a socket takes an `http://` origin without a wildcard"));
                }
                absolute(field).map(Self::Socket)
            }
        }
    }
}
