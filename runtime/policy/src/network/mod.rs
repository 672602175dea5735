//! Destinations: the HTTP requests that a policy would allow. Parsed and checked in full, so that a file that is
//! wrong is found at load.

mod credential;
mod destination;
mod headers;
mod intersect;
mod origin;
mod pattern;
mod show;

pub use credential::{Credential, CredentialKind, CredentialSource};
pub use destination::{Destination, Query, Tls, TlsVersion};
pub use origin::{Origin, OriginError, Scheme};
pub use pattern::{PatternError, RequestPattern};

pub(crate) use destination::parse_all;
pub(crate) use intersect::intersect;
