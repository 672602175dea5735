//! The providers of a plan, as they are described: what operators are shown, and whose a handle is. It runs nothing.

use std::collections::BTreeMap;

use portcullis_policy::{ProviderName, Routes};
use portcullis_secrets::{Group, Handle};

use crate::builtin::Builtins;
use crate::plan::{Plan, PlannedProvider};
use crate::trusted::TrustedFiles;

/// The group of handles that no route takes.
const UNROUTED: &str = "unrouted";

/// The most handles of one call.
const AT_ONCE: usize = 10_000;

/// A plan with the places that its components come from.
///
/// Whoever runs the providers may be another process: this is what both sides know.
#[derive(Debug)]
pub struct Catalogue {
    providers: BTreeMap<ProviderName, PlannedProvider>,
    routes: Routes,
    files: TrustedFiles,
    builtins: Builtins,
}

impl Catalogue {
    /// Takes a plan, the rule under which its component files are trusted, and the built-in components.
    #[must_use]
    pub fn new(plan: Plan, files: TrustedFiles, builtins: Builtins) -> Self {
        let (providers, routes) = plan.into_parts();
        Self { providers, routes, files, builtins }
    }

    /// The providers, by name, as they were planned.
    pub fn providers(&self) -> impl Iterator<Item = (&ProviderName, &PlannedProvider)> {
        self.providers.iter()
    }

    /// One of them.
    #[must_use]
    pub fn provider(&self, name: &str) -> Option<(&ProviderName, &PlannedProvider)> {
        self.providers.get_key_value(name)
    }

    /// Whose a handle is; nothing where no route takes it.
    #[must_use]
    pub fn provider_of(&self, handle: &Handle) -> Option<&ProviderName> {
        let routed = self.routes.route(handle.as_str()).ok()?;
        // The catalogue's own name: a route's would live no longer than the handle.
        self.provider(routed.provider.as_str()).map(|(name, _)| name)
    }

    /// Handles of one provider are a group, under its name. Those that no route takes are a group of their own.
    #[must_use]
    pub fn group(&self, handle: &Handle) -> Group {
        self.provider_of(handle).map_or_else(|| Group::new(UNROUTED), |name| Group::new(name.as_str()))
    }

    /// How many handles one call of a group should have. A provider that asks a store sends a request for each as a rule, and
    /// some to find its way; all others read something once, whatever they are asked.
    #[must_use]
    pub fn most_handles(&self, group: &Group) -> usize {
        let Some((_, planned)) = self.provider(group.as_str()) else { return AT_ONCE };
        if planned.policy.destinations().is_empty() {
            return AT_ONCE;
        }
        let requests = usize::try_from(planned.policy.limits().requests.value()).unwrap_or(AT_ONCE);
        requests.saturating_sub(requests / 5).clamp(1, AT_ONCE)
    }

    pub(crate) const fn routes(&self) -> &Routes {
        &self.routes
    }

    pub(crate) const fn files(&self) -> &TrustedFiles {
        &self.files
    }

    pub(crate) const fn builtins(&self) -> &Builtins {
        &self.builtins
    }
}
