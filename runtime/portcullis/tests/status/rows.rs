//! The table.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use portcullis::secrets::status::{ProviderStatus, Rights};
use portcullis::{Handle, Status};
use portcullis_secrets::RefreshStatus;

use crate::made::{OFF, builtin, component, handles, rights, status};

/// A name, which is that of the golden file, and a status.
pub(crate) fn rows() -> Vec<(&'static str, Status)> {
    vec![
        ("no_backend", Status { handles: BTreeMap::new(), ..status([]) }),
        ("no_backend_with_handles", Status { unresolved: unknown_backends(), ..status([]) }),
        ("one_type", status([builtin("default", "file.json")])),
        ("several_types", status([builtin("one", "file.json"), builtin("two", "file.text")])),
        ("own_component", status([component("own")])),
        ("unsupported_type", status([unsupported()])),
        ("missing_component", status([missing()])),
        ("one_of_two_is_writable_by_others", status([writable(), builtin("good", "file.json")])),
        ("stale_values", stale(status([builtin("default", "file.json")]))),
        ("shared_handles", shared(status([builtin("default", "file.json")]))),
        ("refresh", refreshed(status([builtin("default", "file.json")]))),
        ("unresolved", unresolved(status([builtin("default", "file.json")]))),
        ("hostile_texts", hostile(status([builtin("default", "file.json")]))),
    ]
}

fn unknown_backends() -> BTreeSet<String> {
    BTreeSet::from(["'datadog.yaml' handle \"api_key\": unknown backend".to_owned()])
}

fn unsupported() -> ProviderStatus {
    ProviderStatus {
        backend_type: Some("file.jsom".to_owned()),
        component: "none: there is no backend type \"file.jsom\"".to_owned(),
        digest: None,
        rights: Rights::Unsupported,
        ..component("default")
    }
}

fn missing() -> ProviderStatus {
    let reason = "cannot read /opt/example/own.wasm: No such file or directory (os error 2)";
    let details = Err("No such file or directory (os error 2)".to_owned());
    ProviderStatus {
        digest: None,
        rights: Rights::Refused(reason.to_owned(), details),
        fault: Some(reason.to_owned()),
        ..component("own")
    }
}

fn writable() -> ProviderStatus {
    let reason = "refusing to trust a file that others can change: /opt/example/own.wasm: mode 0666";
    let rights = Rights::Refused(reason.to_owned(), Ok(rights(0o100_666)));
    ProviderStatus { rights, ..component("bad") }
}

fn stale(status: Status) -> Status {
    let since = SystemTime::UNIX_EPOCH + Duration::from_millis(1_391_509_800_250);
    Status { stale: BTreeMap::from([(Handle::new("db_pw"), since)]), ..status }
}

/// Two configurations, of which one uses all three handles and the other one of them.
fn shared(status: Status) -> Status {
    let places = [
        ("pass1", "test", "instances/0/password"),
        ("pass2", "test", "instances/1/password"),
        ("pass2", "test2", "instances/0/token"),
        ("pass3", "test", "logs/0/api_key"),
    ];
    Status { handles: handles(&places), ..status }
}

fn refreshed(status: Status) -> Status {
    let refresh = RefreshStatus {
        interval: Some(Duration::from_secs(3600)),
        first_after: Some(Duration::from_nanos(6_477_027_098)),
        scattered: true,
        next_in: Some(Duration::from_secs(5)),
        ..OFF
    };
    Status { refresh, ..status }
}

fn unresolved(status: Status) -> Status {
    let lines = [
        "'postgres:1' handle \"db_pw\": backend does not provide requested secret",
        "'datadog.yaml' handle \"api_key\": no answer after 7s (`limits.wall`)",
    ];
    Status { unresolved: lines.map(str::to_owned).into(), ..status }
}

/// Line ends and escape sequences of others make no line and no colour.
fn hostile(status: Status) -> Status {
    let provider = ProviderStatus {
        backend_type: Some("file\njson".to_owned()),
        component: "/opt/\u{1b}[2J/own.wasm".to_owned(),
        rights: Rights::Refused("bad\n=== Secrets stats ===".to_owned(), Err("\r\u{7}".to_owned())),
        fault: Some("\u{1}fault\n".to_owned()),
        ..component("default")
    };
    let places = [("a\n- 'b':", "one\u{1b}[31m", "key\nof/0")];
    Status { providers: vec![provider], handles: handles(&places), ..status }
}
