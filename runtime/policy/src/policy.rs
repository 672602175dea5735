//! The effective policy of one provider: immutable, and the only place where its questions are decided.

use std::fmt;

use crate::limits::LimitsConflict;
use crate::{
    Access, AuthorizedEnvironment, AuthorizedMount, Ceiling, Denial, Digest, Grants, ImportKey, Limits, Link,
    Profile, ProviderName, Reason, VerifiedComponent, import_key,
};

/// What one provider may do.
#[derive(Clone, Debug)]
pub struct Policy {
    provider: ProviderName,
    grants: Grants,
    limits: Limits,
    id: PolicyId,
}

/// Identity of a compiled policy: two policies with the same authority and limits have the same. Shown as 16 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PolicyId(Digest);

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.to_hex().chars().take(16).try_for_each(|digit| write!(f, "{digit}"))
    }
}

/// A policy that cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Limits that contradict each other.
    #[error("provider {provider}: {conflict}")]
    Limits {
        /// Whose.
        provider: ProviderName,
        /// What.
        conflict: LimitsConflict,
    },
}

impl Policy {
    /// Compiles what a source grants to what is in effect.
    ///
    /// # Errors
    /// When limits contradict each other.
    pub fn compile(
        provider: ProviderName,
        profile: Profile,
        grants: Grants,
        ceiling: Option<&Ceiling>,
    ) -> Result<Self, PolicyError> {
        let limits = Limits::effective(profile, &grants.limits, ceiling.map(|ceiling| &ceiling.limits))
            .map_err(|conflict| PolicyError::Limits { provider: provider.clone(), conflict })?;
        let id = PolicyId(Digest::of(format!("{provider}{grants:?}{limits:?}").as_bytes()));
        Ok(Self { provider, grants, limits, id })
    }

    /// Whose policy it is.
    pub const fn provider(&self) -> &ProviderName {
        &self.provider
    }

    /// The effective limits.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The digest that the component must have, where the policy names one.
    pub const fn digest(&self) -> Option<&Digest> {
        self.grants.digest.as_ref()
    }

    /// The identity of this policy.
    pub const fn id(&self) -> PolicyId {
        self.id
    }

    /// Whether these bytes may be compiled and run.
    ///
    /// # Errors
    /// `integrity.digest` when the policy names a digest and the bytes have another.
    pub fn decide_component(&self, bytes: Vec<u8>) -> Result<VerifiedComponent, Denial> {
        let actual = Digest::of(&bytes);
        match self.grants.digest {
            Some(expected) if expected != actual => {
                let message = format!("the component has digest {actual}, but the policy names {expected}");
                Err(self.deny(Reason::IntegrityDigest, message))
            }
            _ => Ok(VerifiedComponent::new(bytes, actual)),
        }
    }

    /// How an import is linked, written as the component has it (`wasi:filesystem/types@0.2.12`).
    ///
    /// # Errors
    /// `link.unlinked_import` when no section links it.
    pub fn decide_import(&self, interface: &str) -> Result<Link, Denial> {
        let key = import_key(interface);
        let link = match key {
            ImportKey::Open => Some(Link::Open),
            ImportKey::Filesystem => link(&self.grants.filesystem),
            ImportKey::Sockets => link(&self.grants.sockets),
            ImportKey::Network | ImportKey::Unknown => None,
        };
        link.ok_or_else(|| {
            self.deny(Reason::LinkUnlinkedImport, format!("the component imports {interface}"))
        })
    }

    /// The mounts that the filesystem host may open, for one batch.
    pub fn decide_mounts(&self) -> Vec<AuthorizedMount> {
        let mounts = self.grants.filesystem.granted().into_iter().flatten();
        mounts.map(|mount| AuthorizedMount::new(self.provider.clone(), mount.clone())).collect()
    }

    /// The variables that the guest gets. `host` looks up a variable of the host.
    pub fn decide_environment(&self, host: impl Fn(&str) -> Option<String>) -> AuthorizedEnvironment {
        AuthorizedEnvironment::decide(&self.grants.environment, host)
    }

    fn deny(&self, reason: Reason, message: String) -> Denial {
        Denial::new(&self.provider, reason, message)
    }
}

const fn link<T>(access: &Access<T>) -> Option<Link> {
    match access {
        Access::Absent => None,
        Access::Empty => Some(Link::Denying),
        Access::Granted(_) => Some(Link::Granted),
    }
}
