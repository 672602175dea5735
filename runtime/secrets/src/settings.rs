//! The settings of the native side.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What an operator can set, by the agent's own names; whoever reads the file turns its units into these.
///
/// What concerns the way to a backend (`secret_backend_command`, `_type`, `_config`, `multi_secret_backends` and so on)
/// is the backend's own affair and not here, but for its deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `secret_backend_timeout`, in seconds there; default 30 s. The backend keeps to it by itself. A fetch that is not
    /// over [`GRACE`](Self::GRACE) later is given up.
    pub backend_timeout: Duration,
    /// `secret_refresh_interval`, in seconds there; default 0 = no periodic refresh.
    pub refresh_interval: Duration,
    /// `secret_refresh_scatter`; default true: the first refresh comes at a random time.
    pub refresh_scatter: bool,
    /// `secret_refresh_on_api_key_failure_interval`, in minutes there; default 0 = refreshes on request are off. The
    /// least time between the beginnings of two such refreshes.
    pub refresh_on_api_key_failure_interval: Duration,
    /// `secret_refresh_allowlist`, our own; default empty. Settings of the agent's own files that may change while it
    /// runs, beside the agent's list ([`Allowlist`](crate::Allowlist)).
    pub refresh_allowlist: BTreeSet<String>,
    /// `secret_refresh_before_expiry`, our own; default false. Whether a value is asked for again before the time is
    /// over for which its store said that it is good.
    pub refresh_before_expiry: bool,
    /// `secret_audit_file_max_size`, in bytes; default 1,048,576. Beyond it the audit file is put aside.
    pub audit_file_max_size: u64,
    /// Who may use which Kubernetes secret.
    pub scope: ScopeSettings,
}

impl Settings {
    /// How much longer than `backend_timeout` a fetch may take, so that a backend's own words about its deadline come
    /// before ours: 5 s.
    pub const GRACE: Duration = Duration::from_secs(5);
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backend_timeout: Duration::from_secs(30),
            refresh_interval: Duration::ZERO,
            refresh_scatter: true,
            refresh_on_api_key_failure_interval: Duration::ZERO,
            refresh_allowlist: BTreeSet::new(),
            refresh_before_expiry: false,
            audit_file_max_size: 1_048_576,
            scope: ScopeSettings::default(),
        }
    }
}

/// The settings that confine a configuration found on a Kubernetes pod. All off by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScopeSettings {
    /// `secret_scope_integration_to_their_k8s_namespace`; default false. A pod's configuration uses secrets of the
    /// pod's own namespace only.
    pub to_own_namespace: bool,
    /// `secret_allowed_k8s_namespace`; default empty = every namespace.
    pub allowed_namespaces: BTreeSet<String>,
    /// `secret_image_to_handle`; default empty = every handle. Which handles the configurations of an image may use.
    pub image_to_handle: BTreeMap<String, BTreeSet<String>>,
    /// The names in `multi_secret_backends`, in lower case, whose type is `k8s.secrets`: what follows `name;` in a
    /// handle is then the secret itself. Default empty.
    pub kubernetes_backends: BTreeSet<String>,
}
