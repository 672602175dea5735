//! What a backend is told: never a credential, whatever way and spelling it came by.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;
use std::time::Duration;

use portcullis::{Configuration, Plan, PlannedProvider};
use portcullis_compat::json;
use portcullis_compat::settings::{BACKEND_TYPES, Field, Kind, Place, schema};
use serde_json::{Map, Value, json};

/// Stands in every setting of the host's, with a number that tells which.
const MARKER: &str = "hunter2";
/// Stands in every setting of the guest's.
const SEEN: &str = "for-the-guest";

/// Every setting of every type, by hand: those that the host keeps, and those that the backend reads. A setting that moves
/// from one list to the other is a decision, and not a slip in the table of settings.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

const AWS: &[&str] = &[
    "aws_session.aws_access_key_id",
    "aws_session.aws_secret_access_key",
    "aws_session.aws_profile",
    "aws_session.aws_role_arn",
    "aws_session.aws_external_id",
];

const FOLDER: &[&str] = &["secrets_path", "max_file_read_size"];

const SETTINGS: &[Row] = &[
    ("file.json", &[], &["file_path", "max_file_read_size"]),
    ("file.yaml", &[], &["file_path", "max_file_read_size"]),
    ("file.text", &[], FOLDER),
    ("k8s.file", &[], FOLDER),
    ("docker.secrets", &[], FOLDER),
    ("k8s.secrets", &["token_path", "ca_path"], &["api_server"]),
    (
        "akeyless",
        &["akeyless_session.akeyless_access_id", "akeyless_session.akeyless_access_key"],
        &["akeyless_url"],
    ),
    ("aws.ssm", AWS, &["aws_session.aws_region"]),
    ("aws.secrets", AWS, &["aws_session.aws_region", "force_string"]),
    ("gcp.secretmanager", &[], &["gcp_session.project_id"]),
    (
        "hashicorp.vault",
        &[
            "vault_token",
            "vault_session.vault_role_id",
            "vault_session.vault_secret_id",
            "vault_session.vault_username",
            "vault_session.vault_password",
            "vault_session.vault_ldap_username",
            "vault_session.vault_ldap_password",
            "vault_session.vault_auth_type",
            "vault_session.vault_aws_role",
            "vault_session.aws_region",
            "vault_session.vault_aws_iam_server_id",
            "vault_session.vault_kubernetes_role",
            "vault_session.vault_kubernetes_jwt",
            "vault_session.vault_kubernetes_jwt_path",
            "vault_session.vault_kubernetes_mount_path",
            "vault_session.implicit_auth",
            "vault_tls_config.ca_cert",
            "vault_tls_config.ca_path",
            "vault_tls_config.client_cert",
            "vault_tls_config.client_key",
            "vault_tls_config.tls_server",
            "vault_tls_config.insecure",
        ],
        &["vault_address", "vault_namespace"],
    ),
    (
        "azure.keyvault",
        &[
            "clientid",
            "azure_session.azure_client_id",
            "azure_session.azure_tenant_id",
            "azure_session.azure_client_secret",
            "azure_session.azure_client_certificate_path",
            "azure_session.azure_client_certificate_password",
            "azure_session.azure_client_send_certificate_chain",
        ],
        &["keyvaulturl"],
    ),
    ("windows.regkey", &[], &["root_key"]),
];

/// The dotted names of a table's settings that the host keeps, or that it does not.
fn names(fields: &[Field], host: bool, before: &str) -> Vec<String> {
    let name = |field: &Field| format!("{before}{}", field.key);
    let below = |field: &Field| match &field.kind {
        Kind::Struct(inner) => names(inner, host, &format!("{}.", name(field))),
        _ if (field.place != Place::Guest) == host => vec![name(field)],
        _ => Vec::new(),
    };
    fields.iter().flat_map(below).collect()
}

#[test]
fn the_tables_say_what_this_one_says() {
    let types: Vec<&str> = SETTINGS.iter().map(|(backend_type, ..)| *backend_type).collect();
    assert_eq!(types, BACKEND_TYPES);
    for (backend_type, host, guest) in SETTINGS {
        let fields = schema(backend_type).unwrap().fields;
        assert_eq!(names(fields, true, ""), *host, "{backend_type}");
        let (mut found, mut expected) = (names(fields, false, ""), guest.to_vec());
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{backend_type}");
    }
}

/// How a key is spelt: the reference takes any case.
const SPELLINGS: [fn(&str) -> String; 3] = [str::to_owned, str::to_uppercase, |key| {
    let mut at = 0;
    key.chars()
        .map(|c| {
            at += 1;
            if at % 2 == 0 { c.to_ascii_uppercase() } else { c }
        })
        .collect()
}];

/// Every setting of a table, and unknown ones where the host's are.
fn filled(fields: &[Field], spelling: fn(&str) -> String) -> Map<String, Value> {
    let value = |field: &Field| match &field.kind {
        Kind::Struct(inner) => {
            let mut inner = filled(inner, spelling);
            inner.insert("token_of_tomorrow".to_owned(), marker("tomorrow"));
            inner.insert("deep".to_owned(), json!({ "list": [{ "password": marker("deep") }] }));
            Value::Object(inner)
        }
        Kind::Str if field.place == Place::Guest => json!(SEEN),
        Kind::Str => marker(field.key),
        Kind::Int64 => json!(4096),
        Kind::Bool => json!(true),
    };
    fields.iter().map(|field| (spelling(field.key), value(field))).collect()
}

/// Credentials one level too high, as dotted keys, and in maps and lists that no table knows.
fn misplaced(fields: &[Field]) -> Map<String, Value> {
    let mut flat = Map::new();
    for field in fields {
        if let Kind::Struct(inner) = &field.kind {
            for inner in inner.iter().filter(|inner| inner.place == Place::HostCredential) {
                flat.insert(inner.key.to_owned(), marker(inner.key));
                flat.insert(format!("{}.{}", field.key, inner.key), marker(inner.key));
            }
        }
    }
    let below = Value::Object(flat.clone());
    flat.insert("other".to_owned(), json!({ "list": [below, { "new_session": { "a": marker("new") } }] }));
    flat.insert("extra_tls".to_owned(), json!([marker("tls")]));
    flat
}

fn marker(place: &str) -> Value {
    json!(format!("{MARKER}-{place}"))
}

/// All ways in which settings come to a built-in backend.
fn plans(backend_type: &str, settings: &Value) -> Vec<(&'static str, Plan)> {
    let parse = |text: String| {
        let configuration = Configuration::parse("c.yaml", text.as_bytes(), Path::new("/etc/x")).unwrap();
        Plan::compile(configuration, None).unwrap()
    };
    let payload = json::parse(settings.to_string().as_bytes()).unwrap();
    let payload = Plan::payload(backend_type, &payload, Duration::from_secs(30), None).unwrap();
    let one = json!({ "secret_backend_type": backend_type, "secret_backend_config": settings });
    let multi = json!({ "multi_secret_backends": { "a": { "type": backend_type, "config": settings } } });
    let own = json!({ "version": 1, "providers": { "a": { "type": backend_type, "config": settings } } });
    vec![
        ("payload", payload),
        ("agent file", parse(one.to_string())),
        ("several backends", parse(multi.to_string())),
        ("own file", parse(own.to_string())),
    ]
}

/// All that the backend can read, and all that is shown of it.
fn readable(provider: &PlannedProvider) -> String {
    let policy = &provider.policy;
    let mounts = policy.decide_mounts();
    let environment = policy.decide_environment(|_| None);
    format!(
        "{:?} {mounts:?} {environment:?} {} {}",
        provider.settings,
        policy.explain(),
        serde_json::to_string(&policy.explain()).unwrap()
    )
}

#[test]
fn no_credential_reaches_a_built_in_backend() {
    for backend_type in BACKEND_TYPES {
        let fields = schema(backend_type).unwrap().fields;
        let rows = SPELLINGS.iter().map(|spelling| filled(fields, *spelling)).chain([misplaced(fields)]);
        for settings in rows.map(Value::Object) {
            let has_marker = settings.to_string().contains(MARKER);
            let given = settings.to_string().matches(SEEN).count();
            for (way, plan) in plans(backend_type, &settings) {
                assert!(!format!("{plan:?}").contains(MARKER), "{backend_type}, {way}");
                let provider = plan.providers().values().next().unwrap();
                let readable = readable(provider);
                assert!(!readable.contains(MARKER), "{backend_type}, {way}: {readable}");
                // What is the guest's own is there in both forms.
                let seen = provider.settings.iter().map(|(_, text)| text.matches(SEEN).count());
                assert_eq!(seen.sum::<usize>(), 2 * given, "{backend_type}, {way}: {:?}", provider.settings);
                assert_eq!(provider.withheld.is_empty(), !has_marker, "{:?}", provider.withheld);
            }
        }
    }
}

#[test]
fn a_component_of_ones_own_sees_no_session_and_no_tls() {
    for backend_type in BACKEND_TYPES {
        let fields = schema(backend_type).unwrap().fields;
        // The names of a table mean nothing here: what has a session or TLS around it is kept.
        let mut settings = filled(fields, SPELLINGS[0]);
        settings.retain(|_, value| value.is_object());
        settings.insert("url".to_owned(), json!(SEEN));
        let config = json!({ "a": { "b_session": settings.clone(), "c": SEEN }, "tls_options": settings.clone(), "url": SEEN });
        let file =
            json!({ "version": 1, "providers": { "a": { "component": "/x.wasm", "config": config } } });
        let file = Configuration::parse("c.yaml", file.to_string().as_bytes(), Path::new("/")).unwrap();
        let plan = Plan::compile(file, None).unwrap();
        let provider = plan.providers().values().next().unwrap();
        assert!(!readable(provider).contains(MARKER), "{backend_type}: {:?}", provider.settings);
        let expected =
            [("a.c", SEEN), ("url", SEEN), ("", r#"{"a":{"c":"for-the-guest"},"url":"for-the-guest"}"#)];
        let found: Vec<_> =
            provider.settings.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
        assert_eq!(found, expected, "{backend_type}");
        assert!(provider.withheld.contains(&"a.b_session.url".to_owned()), "{:?}", provider.withheld);
        assert!(provider.withheld.contains(&"tls_options.url".to_owned()), "{:?}", provider.withheld);
    }
}
