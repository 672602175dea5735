//! The decision about a request, in the order of the reason codes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::headers::{self, Reserved};
use super::{
    AuthorizedDestination, AuthorizedRequest, Credential, Destination, Request, RequestPattern, address,
    login,
};
use crate::document::quoted;
use crate::{Denial, Limits, ProviderName, Reason};

/// Finds the one destination and rule that allow a request. Destinations never overlap, so that there is no second one.
pub(crate) fn decide(
    provider: &ProviderName,
    destinations: &[Arc<Destination>],
    limits: &Arc<Limits>,
    request: &Request,
) -> Result<AuthorizedRequest, Denial> {
    let asked = Asked { provider, request };
    let (destination, rule) = asked.find(destinations)?;
    let (sent, dropped) = asked.remaining(destination)?;
    let authorized = AuthorizedRequest {
        request: request.clone(),
        rule: rule.clone(),
        headers: sent,
        dropped,
        destination: AuthorizedDestination {
            provider: provider.clone(),
            origin: request.origin().clone(),
            destination: Arc::clone(destination),
            limits: Arc::clone(limits),
        },
    };
    if let Some(address) = request.origin().address() {
        address::decide(provider, destination, request.origin(), &[address])?;
    }
    Ok(authorized)
}

/// The parts of a decision, each of which may say no.
struct Asked<'a> {
    provider: &'a ProviderName,
    request: &'a Request,
}

impl Asked<'_> {
    fn deny<T>(&self, reason: Reason, message: String) -> Result<T, Denial> {
        Err(Denial::new(self.provider, reason, message))
    }

    fn find<'a>(
        &self,
        destinations: &'a [Arc<Destination>],
    ) -> Result<(&'a Arc<Destination>, &'a RequestPattern), Denial> {
        let (request, wanted) = (self.request, self.request.pattern());
        let there: Vec<_> =
            destinations.iter().filter(|destination| destination.origin.covers(request.origin())).collect();
        let rules = || {
            there
                .iter()
                .flat_map(|destination| destination.allow.iter().map(move |rule| (*destination, rule)))
        };
        if let Some(found) = rules().find(|(_, rule)| rule.covers(wanted)) {
            return Ok(found);
        }
        let mut names: Vec<&str> = there.iter().map(|destination| destination.name()).collect();
        // A ceiling can make two of one.
        names.dedup();
        let names = names.join(", ");
        if there.is_empty() {
            let origin = request.origin();
            return self.deny(
                Reason::NetUnknownOrigin,
                format!("no destination has the origin {origin}: add one below `network` if it is meant"),
            );
        }
        let line = request.line();
        if !rules().any(|(_, rule)| rule.method() == request.method()) {
            let message = format!("{names} has no rule for {}: {}", request.method(), self.remedy());
            return self.deny(Reason::NetMethod, message);
        }
        let remedy = if rules().any(|(_, rule)| rule.covers_but_for_encoding(wanted)) {
            "servers may read it in two ways: add `{ request: …, encoded: true }` to `allow` if it is meant"
                .to_owned()
        } else {
            self.remedy()
        };
        self.deny(Reason::NetPath, format!("{names} has no rule for {line}: {remedy}"))
    }

    /// The rule to add. A star of the guest's is no suggestion: as a rule it would stand for much more.
    fn remedy(&self) -> String {
        let line = self.request.line();
        if line.contains('*') {
            return "only a rule with a wildcard takes a `*`".to_owned();
        }
        format!("add `{line}` to `allow` if it is meant")
    }

    /// What a rule does not say: login endpoints, query and headers. Gives the headers that are sent, and those that are
    /// left out.
    fn remaining(&self, destination: &Destination) -> Result<(BTreeSet<String>, BTreeSet<String>), Denial> {
        let name = &destination.name;
        let kind = destination.credential.as_ref().map(Credential::kind);
        if let Some(kind) = kind
            && login::is_login(kind, self.request)
        {
            return self.deny(
                Reason::NetLogin,
                format!(
                    "{} would give the guest a credential, and the host attaches its own to {name}: nothing allows it",
                    self.request.line()
                ),
            );
        }
        if let Some(keys) = self.request.query()
            && let Some(key) = keys.iter().find(|key| !destination.query.contains(*key))
        {
            return self.deny(
                Reason::NetQuery,
                format!("the query key {} is not in `query` of {name}: add it if it is meant", quoted(key)),
            );
        }
        let (mut sent, mut dropped) = (BTreeSet::new(), BTreeSet::new());
        for header in self.request.headers() {
            let own = kind.is_some_and(|kind| headers::of_credential(kind).contains(&header.as_str()));
            match headers::reserved(header) {
                Some(Reserved::Dropped) => dropped.insert(header.clone()),
                Some(Reserved::Refused) => {
                    let message =
                        format!("the guest set {}, which belongs to the connection", quoted(header));
                    return self.deny(Reason::NetHeader, message);
                }
                None if own => dropped.insert(header.clone()),
                None if destination.headers.contains(header) => sent.insert(header.clone()),
                None => {
                    return self.deny(
                        Reason::NetHeader,
                        format!(
                            "the header {} is not in `headers` of {name}: add it if it is meant",
                            quoted(header)
                        ),
                    );
                }
            };
        }
        Ok((sent, dropped))
    }
}
