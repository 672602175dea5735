//! Parts of a status.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use portcullis::secrets::status::{ProviderStatus, Rights};
use portcullis::trusted::FileRights;
use portcullis::{Handle, SettingPath, Status};
use portcullis_policy::{Explanation, Policy, PortcullisFile, Profile, ProviderName};
use portcullis_secrets::RefreshStatus;

/// Refresh is off.
pub(crate) const OFF: RefreshStatus = RefreshStatus {
    interval: None,
    first_after: None,
    scattered: false,
    next_in: None,
    on_request: false,
    last: None,
};

/// These providers, with two handles of theirs in use; refresh is off.
pub(crate) fn status<const N: usize>(providers: [ProviderStatus; N]) -> Status {
    let places = [("api_key", "datadog.yaml", "api_key"), ("db_pw", "postgres:1", "instances/0/password")];
    Status {
        providers: providers.into(),
        handles: handles(&places),
        unresolved: BTreeSet::new(),
        stale: BTreeMap::new(),
        refresh: OFF,
    }
}

/// Handle, origin and path of each place.
pub(crate) fn handles(places: &[(&str, &str, &str)]) -> BTreeMap<Handle, Vec<(Arc<str>, SettingPath)>> {
    let mut handles: BTreeMap<Handle, Vec<_>> = BTreeMap::new();
    for (handle, origin, path) in places {
        let place = (Arc::from(*origin), SettingPath::new(path.split('/')));
        handles.entry(Handle::new(*handle)).or_default().push(place);
    }
    handles
}

/// A built-in type.
pub(crate) fn builtin(name: &str, backend_type: &str) -> ProviderStatus {
    ProviderStatus {
        backend_type: Some(backend_type.to_owned()),
        component: format!("built-in {backend_type}"),
        digest: Some(format!("sha256:{}", "a1".repeat(32))),
        rights: Rights::Carried,
        ..component(name)
    }
}

/// A component of the operator's own, with the rights that it should have.
pub(crate) fn component(name: &str) -> ProviderStatus {
    ProviderStatus {
        name: ProviderName::new(name).unwrap(),
        backend_type: None,
        component: "/opt/example/own.wasm".to_owned(),
        digest: Some(format!("sha256:{}", "b2".repeat(32))),
        rights: Rights::Trusted(rights(0o100_600)),
        policy: explanation(name),
        fault: None,
    }
}

/// Those of a file.
pub(crate) fn rights(mode: u32) -> FileRights {
    FileRights { mode, owner: "dd-agent".to_owned(), group: "secrets".to_owned() }
}

/// Short, and not another one with each word of the policy: two limits, one section, no identity of its own.
fn explanation(name: &str) -> Explanation {
    let text = format!(
        "version: 1\nproviders:\n  {name}:\n    component: own.wasm\n    filesystem: [{{ host: /etc/example/s.json }}]\n"
    );
    let mut file = PortcullisFile::parse("p.yaml", &text).unwrap();
    let (name, declared) = file.providers.pop_first().unwrap();
    let policy = Policy::compile(name, Profile::Custom, declared.grants, None).unwrap();
    let mut explanation = policy.explain();
    "0123456789abcdef".clone_into(&mut explanation.policy);
    explanation.sections.truncate(1);
    explanation.limits.truncate(2);
    for limit in &mut explanation.limits {
        limit.reason = "as the table of limits has it";
    }
    explanation.lints.clear();
    explanation
}
