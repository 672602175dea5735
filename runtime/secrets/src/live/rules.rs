//! What the operator's settings come to.

use std::sync::Arc;

use crate::refresh::Allowlist;
use crate::scope::Scope;
use crate::settings::Settings;

use super::inner::Inner;

/// Settings, and what is made of them: one set of them at a time.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) settings: Settings,
    pub(super) scope: Scope,
    pub(super) allowlist: Allowlist,
}

impl Rules {
    /// `allowlist` where the host has one of its own.
    pub(super) fn new(settings: Settings, allowlist: Option<Allowlist>) -> Self {
        let of_settings = || Allowlist::with(settings.refresh_allowlist.iter().cloned());
        Self {
            scope: Scope::new(settings.scope.clone()),
            allowlist: allowlist.unwrap_or_else(of_settings),
            settings,
        }
    }
}

impl Inner {
    /// The rules in force: whoever needs several of them takes them once.
    pub(super) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.read_rules())
    }

    /// Takes other settings from now on. What is under way ends under those before.
    pub(super) fn reconfigure(&self, settings: Settings) {
        let running = self.is_running();
        self.schedule().change(&settings, self.random.as_ref(), running.then(|| self.clock.now()));
        let rules = Arc::new(Rules::new(settings, self.own_allowlist.clone()));
        *self.write_rules() = rules;
        self.bell.notify_one();
    }
}
