//! Destinations: the HTTP requests that a policy allows, and the decision about one of them.
//!
//! A request comes as text and becomes a [`Request`], in the one spelling that it has. A destination decides on it, and gives
//! an [`AuthorizedRequest`]; its destination decides on the addresses that the host resolved to, and gives
//! [`AuthorizedAddresses`]. A client takes these two, and nothing else.

mod address;
mod asked;
mod authorized;
mod credential;
mod decide;
mod destination;
mod headers;
mod intersect;
mod limits;
mod login;
mod origin;
mod pattern;
mod query;
mod request;
mod segment;
mod show;
mod source;
mod suggest;
mod tls;
mod url_text;
mod via;

pub use address::{AuthorizedAddresses, Nat64Prefix};
pub use asked::AskedRequest;
pub use authorized::{AuthorizedDestination, AuthorizedRequest};
pub use credential::{
    AwsCredential, AwsKeys, AwsProfile, AwsRole, AwsSource, AwsWebIdentity, AzureCredential, AzureSource,
    Credential, CredentialKind, CredentialSource, CredentialSpec, GoogleCredential, GoogleSource, HostNames,
    ValueCredential, VaultCredential, VaultLogin, VaultMethod, VaultToken,
};
pub use destination::{Destination, Query};
pub use limits::RequestLimits;
pub use origin::{Origin, OriginError, Scheme};
pub use pattern::{PatternError, RequestPattern};
pub use request::{Request, RequestError};
pub use source::{AuthorizedSource, MetadataService, SourceEndpoint};
pub use suggest::{Addition, AllowLine, Suggestions};
pub use tls::{Tls, TlsVersion};
pub use via::Via;

pub(crate) use decide::decide;
pub(crate) use destination::parse_all;
pub(crate) use intersect::intersect;
pub(crate) use login::dead_rules;
