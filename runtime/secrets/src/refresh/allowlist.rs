//! Which places may change while an agent runs.

use std::collections::BTreeSet;

use crate::setting_path::SettingPath;

/// The agent's own files: only some of their settings are read again after the start.
const AGENT_FILES: [&str; 3] = ["datadog.yaml", "system-probe.yaml", "security-agent.yaml"];

/// Those settings, as the agent has them.
const SETTINGS: [&str; 8] = [
    "api_key",
    "app_key",
    "additional_endpoints",
    "orchestrator_additional_endpoints",
    "profiling_additional_endpoints",
    "debugger_additional_endpoints",
    "debugger_diagnostics_additional_endpoints",
    "symdb_additional_endpoints",
];

/// Decides which places a refresh is for: every place of a check, and those of the agent's own files (`datadog.yaml`,
/// `system-probe.yaml`, `security-agent.yaml`) whose path has an element of the list.
///
/// The list: `api_key`, `app_key`, `additional_endpoints`, the same with `orchestrator_`, `profiling_`, `debugger_`,
/// `debugger_diagnostics_` or `symdb_` before it, and what `secret_refresh_allowlist` adds.
#[derive(Debug, Clone)]
pub struct Allowlist {
    settings: BTreeSet<String>,
}

impl Allowlist {
    /// The agent's list and these.
    pub fn with(more: impl IntoIterator<Item = String>) -> Self {
        Self { settings: SETTINGS.into_iter().map(str::to_owned).chain(more).collect() }
    }

    /// Only these.
    #[must_use]
    pub fn only(settings: BTreeSet<String>) -> Self {
        Self { settings }
    }

    /// Whether a refresh is for this place.
    #[must_use]
    pub fn admits(&self, origin: &str, path: &SettingPath) -> bool {
        !AGENT_FILES.contains(&origin)
            || path.elements().iter().any(|element| self.settings.contains(element))
    }
}

impl Default for Allowlist {
    fn default() -> Self {
        Self::with([])
    }
}
