//! Provider ∩ ceiling, computed once.

use std::sync::Arc;

use super::{Policy, PolicyId};
use crate::limits::LimitsConflict;
use crate::{
    Access, Ceiling, Environment, EnvironmentValue, Grants, Limits, Profile, ProviderName, filesystem,
    network,
};

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
    /// The ceiling wants a digest and the provider has none.
    #[error(
        "provider {provider}: the ceiling says `digest: required`, and providers.{provider}.digest is missing: \
         write `digest: sha256:…` with what `sha256sum` prints for the component"
    )]
    DigestRequired {
        /// Whose.
        provider: ProviderName,
    },
}

impl Policy {
    /// Compiles what a source grants to what is in effect: the part that the ceiling also allows. What the ceiling takes
    /// away is not an error: it is recorded, and [`Policy::explain`] shows it.
    ///
    /// # Errors
    /// When limits contradict each other, or a custom component has no digest and the ceiling requires one.
    pub fn compile(
        provider: ProviderName,
        profile: Profile,
        grants: Grants,
        ceiling: Option<&Ceiling>,
    ) -> Result<Self, PolicyError> {
        // A built-in component travels inside the program that reads the ceiling: it needs no digest of its own.
        let digest_required =
            profile == Profile::Custom && ceiling.is_some_and(|ceiling| ceiling.digest_required);
        if digest_required && grants.digest.is_none() {
            return Err(PolicyError::DigestRequired { provider });
        }
        let limits = Limits::effective(profile, &grants.limits, ceiling.map(|ceiling| &ceiling.limits))
            .map_err(|conflict| PolicyError::Limits { provider: provider.clone(), conflict })?;
        let mut narrowed = Narrowed::default();
        let mut policy = Self {
            provider,
            profile,
            filesystem: grants.filesystem,
            network: Access::Absent,
            sockets: grants.sockets,
            environment: grants.environment,
            limits: Arc::new(limits),
            digest: grants.digest,
            narrowed: Vec::new(),
            derived_from: grants.derived_from,
            id: PolicyId::UNSET,
        };
        let mut network = grants.network;
        if let Some(ceiling) = ceiling {
            if let Some(bounds) = &ceiling.filesystem {
                let within = |mounts: &[_]| filesystem::intersect(mounts, bounds);
                policy.filesystem = narrowed.section(policy.filesystem, within);
            }
            if let Some(bounds) = &ceiling.network {
                let within = |destinations: &[_]| network::intersect(destinations, bounds);
                network = narrowed.section(network, within);
            }
            if let Some(names) = &ceiling.environment {
                policy.environment = narrowed.environment(policy.environment, |name| names.contains(name));
            }
        }
        policy.network = network.map(|all| all.into_iter().map(Arc::new).collect());
        policy.narrowed = narrowed.0;
        policy.id = PolicyId::of(&policy);
        Ok(policy)
    }
}

/// What the ceiling took away, one line each.
#[derive(Default)]
struct Narrowed(Vec<String>);

impl Narrowed {
    /// Narrows a section. One that loses everything stays linked, and denies.
    fn section<T: ToString>(
        &mut self,
        section: Access<Vec<T>>,
        within: impl FnOnce(&[T]) -> Vec<T>,
    ) -> Access<Vec<T>> {
        let Access::Granted(granted) = section else { return section };
        let kept = within(&granted);
        let shown: Vec<String> = kept.iter().map(T::to_string).collect();
        let lost = granted.iter().map(T::to_string).filter(|line| !shown.contains(line));
        self.0.extend(lost);
        if kept.is_empty() { Access::Empty } else { Access::Granted(kept) }
    }

    fn environment(&mut self, environment: Environment, listed: impl Fn(&str) -> bool) -> Environment {
        let stays = |name: &str, value: &EnvironmentValue| match value {
            EnvironmentValue::Literal(_) => listed(name),
            EnvironmentValue::From(host_name) => listed(name) && listed(host_name),
        };
        let (kept, lost): (Environment, Environment) =
            environment.into_iter().partition(|(name, value)| stays(name, value));
        self.0.extend(lost.into_keys().map(|name| format!("environment {name}")));
        kept
    }
}
