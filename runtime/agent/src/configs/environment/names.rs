//! Which variable is which setting.

use std::collections::{BTreeSet, HashSet};
use std::ptr;

use super::{Environment, proxy};
use crate::tree::{MAX_DEPTH, Node, View};

/// What the names of settings begin with.
const PREFIX: &str = "DD_";

/// Settings that hold secrets, and their variables: the first that is set counts.
const NAMED: &[(&str, &[&str])] = &[
    ("apm_config.additional_endpoints", &["DD_APM_ADDITIONAL_ENDPOINTS"]),
    ("apm_config.profiling_additional_endpoints", &["DD_APM_PROFILING_ADDITIONAL_ENDPOINTS"]),
    ("apm_config.debugger_api_key", &["DD_APM_DEBUGGER_API_KEY"]),
    ("apm_config.debugger_additional_endpoints", &["DD_APM_DEBUGGER_ADDITIONAL_ENDPOINTS"]),
    ("apm_config.debugger_diagnostics_api_key", &["DD_APM_DEBUGGER_DIAGNOSTICS_API_KEY"]),
    (
        "apm_config.debugger_diagnostics_additional_endpoints",
        &["DD_APM_DEBUGGER_DIAGNOSTICS_ADDITIONAL_ENDPOINTS"],
    ),
    ("apm_config.symdb_api_key", &["DD_APM_SYMDB_API_KEY"]),
    ("apm_config.symdb_additional_endpoints", &["DD_APM_SYMDB_ADDITIONAL_ENDPOINTS"]),
    ("apm_config.telemetry.additional_endpoints", &["DD_APM_TELEMETRY_ADDITIONAL_ENDPOINTS"]),
    (
        "process_config.additional_endpoints",
        &[
            "DD_PROCESS_CONFIG_ADDITIONAL_ENDPOINTS",
            "DD_PROCESS_AGENT_ADDITIONAL_ENDPOINTS",
            "DD_PROCESS_ADDITIONAL_ENDPOINTS",
        ],
    ),
    (
        "process_config.events_additional_endpoints",
        &["DD_PROCESS_CONFIG_EVENTS_ADDITIONAL_ENDPOINTS", "DD_PROCESS_AGENT_EVENTS_ADDITIONAL_ENDPOINTS"],
    ),
    (
        "orchestrator_explorer.orchestrator_additional_endpoints",
        &[
            "DD_ORCHESTRATOR_EXPLORER_ORCHESTRATOR_ADDITIONAL_ENDPOINTS",
            "DD_ORCHESTRATOR_ADDITIONAL_ENDPOINTS",
        ],
    ),
];

/// Settings that hold secrets, below the top, whose variables have the name of their path.
const PATHS: &[&str] = &[
    "cluster_agent.auth_token",
    "compliance_config.endpoints.additional_endpoints",
    "container_image.additional_endpoints",
    "container_lifecycle.additional_endpoints",
    "database_monitoring.activity.additional_endpoints",
    "database_monitoring.metrics.additional_endpoints",
    "database_monitoring.samples.additional_endpoints",
    "evp_proxy_config.additional_endpoints",
    "evp_proxy_config.api_key",
    "external_metrics_provider.api_key",
    "external_metrics_provider.app_key",
    "logs_config.additional_endpoints",
    "logs_config.api_key",
    "multi_region_failover.api_key",
    "multi_region_failover.app_key",
    "network_devices.metadata.additional_endpoints",
    "network_devices.netflow.forwarder.additional_endpoints",
    "network_devices.snmp_traps.forwarder.additional_endpoints",
    "network_path.forwarder.additional_endpoints",
    "runtime_security_config.activity_dump.remote_storage.endpoints.additional_endpoints",
    "runtime_security_config.endpoints.additional_endpoints",
    "sbom.additional_endpoints",
    "service_discovery.forwarder.additional_endpoints",
];

/// A variable and the setting that it may be.
pub(super) struct Candidate<'e> {
    pub(super) variable: &'e str,
    pub(super) text: &'e str,
    pub(super) path: Vec<String>,
}

/// Whether settings are called so, and are taken here.
pub(super) fn may_be_setting(variable: &str) -> bool {
    let elsewhere =
        variable.starts_with("DD_SECRET_") || matches!(variable, "DD_MULTI_SECRET_BACKENDS" | "DD_RUN_PATH");
    (variable.starts_with(PREFIX) && !elsewhere) || proxy::is_standard(variable)
}

/// One for each setting that there are variables for.
pub(super) fn candidates<'e>(
    environment: &'e Environment,
    file: &Node,
    view: &View<'_>,
) -> Vec<Candidate<'e>> {
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    let mut first = |path: &str, variables: &mut dyn Iterator<Item = &str>| {
        let variables: Vec<&str> = variables.collect();
        let set = variables.iter().find_map(|name| environment.variables.get_key_value(*name));
        found.extend(set.map(|(variable, text)| {
            let path = path.split('.').map(str::to_owned).collect();
            Candidate { variable, text, path: in_file(path, file, view) }
        }));
        used.extend(variables.into_iter().map(str::to_owned));
    };
    for (path, variables) in NAMED.iter().chain(proxy::NAMED) {
        first(path, &mut variables.iter().copied());
    }
    for path in PATHS {
        first(path, &mut [variable_of(path).as_str()].into_iter());
    }
    for (variable, text) in &environment.variables {
        let Some(rest) = variable.strip_prefix(PREFIX).filter(|_| !used.contains(variable)) else { continue };
        let path = Search { view, seen: HashSet::new() }.path(rest, file, 0).or_else(|| at_top(rest));
        if let Some(path) = path.filter(|path| found.iter().all(|taken| taken.path != *path)) {
            found.push(Candidate { variable, text, path });
        }
    }
    found
}

/// The variable that is named after a path.
fn variable_of(path: &str) -> String {
    format!("{PREFIX}{}", path.replace('.', "_").to_ascii_uppercase())
}

/// The path in the file's own letters: agents read names without regard to case.
fn in_file(mut path: Vec<String>, file: &Node, view: &View<'_>) -> Vec<String> {
    let mut map = Some(file);
    for name in &mut path {
        let entries = map.map(|map| view.entries(map)).unwrap_or_default();
        let found = entries.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        if let Some((key, _)) = found {
            key.clone_into(name);
        }
        map = found.map(|(_, value)| value);
    }
    path
}

/// A setting that no section is known of.
fn at_top(rest: &str) -> Option<Vec<String>> {
    let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (!rest.is_empty() && rest.bytes().all(is_name)).then(|| vec![rest.to_ascii_lowercase()])
}

/// Looks for a path of the file whose elements, with `_` between them, are the name.
struct Search<'v, 't> {
    view: &'v View<'t>,
    /// Maps that do not have so many last bytes of the name: aliases may lead to one of them again.
    seen: HashSet<(*const Node, usize)>,
}

impl<'t> Search<'_, 't> {
    fn path(&mut self, rest: &str, map: &'t Node, depth: usize) -> Option<Vec<String>> {
        let map = self.view.meant(map)?;
        if depth >= MAX_DEPTH || !self.seen.insert((ptr::from_ref(map), rest.len())) {
            return None;
        }
        self.view.entries(map).into_iter().find_map(|(key, value)| {
            let (begin, end) = rest.split_at_checked(key.len())?;
            if !begin.eq_ignore_ascii_case(key) {
                return None;
            }
            if end.is_empty() {
                return Some(vec![key.to_owned()]);
            }
            let mut below = self.path(end.strip_prefix('_')?, value, depth.saturating_add(1))?;
            below.insert(0, key.to_owned());
            Some(below)
        })
    }
}
