//! How the host connects with TLS: whom it believes, and who it is.

use std::path::PathBuf;

use super::destination::{absolute, name};
use super::{Origin, Scheme};
use crate::document::{Field, FileError};

/// How the host connects with TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tls {
    /// Certificates of the authorities that replace the public ones.
    pub ca: Option<PathBuf>,
    /// Certificate and key of the client.
    pub identity: Option<PathBuf>,
    /// Name that the server's certificate must have, where it differs from the host.
    pub server_name: Option<String>,
    /// Oldest accepted version.
    pub min: TlsVersion,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsVersion {
    /// 1.2, the oldest that is ever accepted.
    #[default]
    V1_2,
    /// 1.3.
    V1_3,
}

impl Tls {
    pub(super) fn parse(field: &Field<'_>, origin: &Origin) -> Result<Self, FileError> {
        let section = field.section("a map", &["ca", "identity", "server_name", "min"])?;
        if origin.scheme() == Scheme::Http {
            return Err(field.error("the origin is plain http: remove `tls`, or use https"));
        }
        let versions = [("1.2", TlsVersion::V1_2), ("1.3", TlsVersion::V1_3)];
        Ok(Self {
            ca: section.get("ca").map(absolute).transpose()?,
            identity: section.get("identity").map(absolute).transpose()?,
            server_name: section
                .get("server_name")
                .map(|field| field.parsed("a host name", name))
                .transpose()?,
            min: section.get("min").map(|field| field.choice(&versions)).transpose()?.unwrap_or_default(),
        })
    }
}
