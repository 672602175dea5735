//! The decisions: one function for each resource.

use super::Policy;
use crate::{
    Access, AuthorizedEnvironment, AuthorizedMount, AuthorizedRequest, Denial, Digest, ImportKey, Link,
    Reason, Request, VerifiedComponent, VerifiedDigest, import_key, network,
};

impl Policy {
    /// Whether these bytes may be compiled and run. The bytes that were hashed are the ones that come back.
    ///
    /// # Errors
    /// `integrity.digest` when the policy names a digest and the bytes have another.
    pub fn decide_component(&self, bytes: Vec<u8>) -> Result<VerifiedComponent, Denial> {
        let digest = self.decide_digest(Digest::of(&bytes))?;
        Ok(VerifiedComponent::new(bytes, digest))
    }

    /// Whether the component with this digest may run: for code that was compiled from it earlier.
    ///
    /// # Errors
    /// `integrity.digest` when the policy names another.
    pub fn decide_digest(&self, actual: Digest) -> Result<VerifiedDigest, Denial> {
        match self.digest {
            Some(expected) if expected != actual => {
                let message = format!(
                    "the component has digest {actual}, and the policy names {expected}: \
                     restore the file, or change `digest` if the new component is meant"
                );
                Err(self.deny(Reason::IntegrityDigest, message))
            }
            _ => Ok(VerifiedDigest::new(actual)),
        }
    }

    /// How an import is linked, written as the component has it (`wasi:filesystem/types@0.2.12`).
    ///
    /// # Errors
    /// `link.unlinked_import` when no section links it; the message names the key that would.
    pub fn decide_import(&self, interface: &str) -> Result<Link, Denial> {
        let key = import_key(interface);
        let link = match key {
            ImportKey::Open => Some(Link::Open),
            ImportKey::Filesystem => link(&self.filesystem),
            ImportKey::Sockets => link(&self.sockets),
            ImportKey::Network => link(&self.network),
            ImportKey::Unknown => None,
        };
        link.ok_or_else(|| self.deny_import(interface, key))
    }

    /// The mounts that the filesystem host may open, for one batch.
    pub fn decide_mounts(&self) -> Vec<AuthorizedMount> {
        let mounts = self.filesystem.granted().into_iter().flatten();
        mounts.map(|mount| AuthorizedMount::new(self.provider.clone(), mount.clone())).collect()
    }

    /// The variables that the guest gets. `host` looks up a variable of the host; only named ones are looked up.
    pub fn decide_environment(&self, host: impl Fn(&str) -> Option<String>) -> AuthorizedEnvironment {
        AuthorizedEnvironment::decide(&self.environment, host)
    }

    /// Whether the host may send this request, and as what.
    ///
    /// # Errors
    /// `net.unknown_origin`, `net.method` or `net.path` when no rule allows it, `net.login` when it would give the guest a
    /// credential, `net.query` or `net.header` for a key or header that the destination does not list, and where the host is
    /// an address what [`AuthorizedDestination::decide_addresses`](crate::AuthorizedDestination::decide_addresses) says.
    pub fn decide_request(&self, request: &Request) -> Result<AuthorizedRequest, Denial> {
        network::decide(&self.provider, self.destinations(), &self.limits, request)
    }

    fn deny(&self, reason: Reason, message: String) -> Denial {
        Denial::new(&self.provider, reason, message)
    }

    fn deny_import(&self, interface: &str, key: ImportKey) -> Denial {
        let provider = &self.provider;
        let interface = interface.escape_debug();
        let remedy = match (key.empty_form(), key.section()) {
            (Some(empty), Some("sockets")) => format!(
                "if it runs without raw sockets, add `{empty}` below providers.{provider}: it links them and denies every call"
            ),
            (Some(empty), Some(section)) => format!(
                "if it runs without it, add `{empty}` below providers.{provider}, which links it and denies every call; \
                 to grant something, list it under `{section}` there"
            ),
            _ => "no policy can link it: build the component for WASI 0.2 without this import".to_owned(),
        };
        self.deny(
            Reason::LinkUnlinkedImport,
            format!("the component imports {interface}, which the policy does not link: {remedy}"),
        )
    }
}

const fn link<T>(access: &Access<T>) -> Option<Link> {
    match access {
        Access::Absent => None,
        Access::Empty => Some(Link::Denying),
        Access::Granted(_) => Some(Link::Granted),
    }
}
