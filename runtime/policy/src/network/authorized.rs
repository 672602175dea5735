//! What a decision gives: the only thing that a client of the host sends.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use url::Url;

use super::{
    AuthorizedAddresses, Credential, Destination, Origin, Request, RequestLimits, RequestPattern, Tls, Via,
    address, headers,
};
use crate::{Denial, Limits, ProviderName};

/// A request that a policy allows. Made by [`Policy::decide_request`](crate::Policy::decide_request) and nowhere else. A
/// client is built from [`url`](Self::url) and sends no other. Neither `Debug` nor `Display` shows the query.
#[derive(Clone)]
pub struct AuthorizedRequest {
    pub(super) request: Request,
    pub(super) rule: RequestPattern,
    pub(super) headers: BTreeSet<String>,
    pub(super) dropped: BTreeSet<String>,
    pub(super) destination: AuthorizedDestination,
}

/// The destination of an authorised request: one origin without wildcards, and how the host connects to it. Cheap to
/// clone.
#[derive(Clone, Debug)]
pub struct AuthorizedDestination {
    pub(super) provider: ProviderName,
    pub(super) origin: Origin,
    pub(super) destination: Arc<Destination>,
    pub(super) limits: Arc<Limits>,
}

impl AuthorizedRequest {
    /// The method.
    pub fn method(&self) -> &str {
        self.request.method()
    }

    /// The URL that was decided on.
    pub fn url(&self) -> &Url {
        self.request.url()
    }

    /// The rule that allows it.
    pub const fn rule(&self) -> &RequestPattern {
        &self.rule
    }

    /// Names of the guest's headers that are sent, in lower case. All others of the guest's are left out.
    pub const fn headers(&self) -> &BTreeSet<String> {
        &self.headers
    }

    /// Names of the guest's headers that are left out because the host sets its own.
    pub const fn dropped_headers(&self) -> &BTreeSet<String> {
        &self.dropped
    }

    /// Whether a header of the guest's was left out because the host sends its credential in it.
    pub fn is_of_credential(&self, header: &str) -> bool {
        let credential = self.destination.credential();
        credential.is_some_and(|credential| headers::is_of_credential(credential.kind(), header))
    }

    /// What the host attaches to it.
    pub fn credential(&self) -> Option<&Credential> {
        self.destination.credential().filter(|credential| credential.goes_with(&self.request))
    }

    /// Where it goes.
    pub const fn destination(&self) -> &AuthorizedDestination {
        &self.destination
    }
}

impl fmt::Display for AuthorizedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.request, f)
    }
}

impl fmt::Debug for AuthorizedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {} by {}", self.request, self.destination.name(), self.rule)
    }
}

impl AuthorizedDestination {
    /// Whose request it is.
    pub const fn provider(&self) -> &ProviderName {
        &self.provider
    }

    /// Its name in events.
    pub fn name(&self) -> &str {
        &self.destination.name
    }

    /// Scheme, host and port of the request.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How the host connects with TLS.
    pub fn tls(&self) -> &Tls {
        &self.destination.tls
    }

    /// What the host attaches, for [`origin`](Self::origin) alone.
    pub fn credential(&self) -> Option<&Credential> {
        self.destination.credential.as_ref()
    }

    /// What a connection is made to.
    pub fn via(&self) -> &Via {
        &self.destination.via
    }

    /// What a request may take.
    pub fn request_limits(&self) -> &RequestLimits {
        &self.destination.limits
    }

    /// Whether this is the same origin of the same destination of the same policy.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.destination, &other.destination) && self.origin == other.origin
    }

    /// The limits of the policy.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The origin whose host is looked up and dialled: the proxy's where there is one, else the destination's own.
    /// Nothing where a connection is made to a socket of this machine.
    pub fn dialled(&self) -> Option<&Origin> {
        match &self.destination.via {
            Via::Host => Some(&self.origin),
            Via::Proxy(proxy) => Some(proxy),
            Via::Socket(_) => None,
        }
    }

    /// The one decision about the addresses that the host resolved to (the proxy's host, where there is one). A host that is an address itself was judged with the
    /// request, by the same rules.
    ///
    /// # Errors
    /// `net.addr_special` for an address that nothing opens, or of this machine where the origin does not name it;
    /// `net.addr_private` for a private one that `private` does not list; `net.addr_mixed` where one is public and another
    /// is not. One address refuses all of them.
    pub fn decide_addresses(&self, answers: &[IpAddr]) -> Result<AuthorizedAddresses, Denial> {
        address::decide(&self.provider, &self.destination, self.dialled().unwrap_or(&self.origin), answers)
    }
}
