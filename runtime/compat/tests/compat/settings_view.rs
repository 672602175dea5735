//! Which settings reach a guest.

use portcullis_compat::json::{Value, parse, write_value};
use portcullis_compat::settings::{
    BACKEND_TYPES, Field, Kind, Place, custom_view, decode, flatten, guest_view, schema, withheld,
};
use proptest::prelude::*;

const MARKER: &str = "hunter2";

fn view(backend_type: &str, settings: &str) -> String {
    let seen = guest_view(schema(backend_type).unwrap(), &parse(settings.as_bytes()).unwrap());
    let mut out = String::new();
    write_value(&mut out, &seen);
    out
}

/// Backend type, the settings given, the settings seen.
const VIEWS: &[(&str, &str, &str)] = &[
    (
        "file.json",
        r#"{"file_path":"/s","max_file_read_size":1.90}"#,
        r#"{"file_path":"/s","max_file_read_size":1.90}"#,
    ),
    (
        "file.json",
        r#"{"FILE_PATH":"/s","backend_type":"file.json"}"#,
        r#"{"FILE_PATH":"/s","backend_type":"file.json"}"#,
    ),
    ("file.json", r#"{"file_path":{"a":42}}"#, r#"{"file_path":{"a":42}}"#),
    ("docker.secrets", r#"{"secrets_path":null}"#, r#"{"secrets_path":null}"#),
    (
        "aws.secrets",
        r#"{"aws_session":{"aws_region":"eu","aws_access_key_id":"A","Aws_Secret_Access_Key":"B","new_key":"C"},"force_string":true}"#,
        r#"{"aws_session":{"aws_region":"eu"},"force_string":true}"#,
    ),
    ("aws.ssm", r#"{"aws_session":{"aws_access_key_id":"A"}}"#, "{}"),
    (
        "gcp.secretmanager",
        r#"{"gcp_session":{"project_id":"p","extra":1}}"#,
        r#"{"gcp_session":{"project_id":"p"}}"#,
    ),
    (
        "hashicorp.vault",
        r#"{"vault_address":"https://v","vault_namespace":"n","vault_token":"t","VAULT_TOKEN":"T","vault_session":{"vault_role_id":"r","x":1},"vault_tls_config":{"client_key":"/k","x":2}}"#,
        r#"{"vault_address":"https://v","vault_namespace":"n"}"#,
    ),
    (
        "k8s.secrets",
        r#"{"token_path":"/t","ca_path":"/c","api_server":"https://k"}"#,
        r#"{"api_server":"https://k"}"#,
    ),
    (
        "akeyless",
        r#"{"akeyless_url":"https://a","akeyless_session":{"akeyless_access_key":"k"}}"#,
        r#"{"akeyless_url":"https://a"}"#,
    ),
    (
        "azure.keyvault",
        r#"{"keyvaulturl":"https://a","clientid":"c","azure_session":{}}"#,
        r#"{"keyvaulturl":"https://a"}"#,
    ),
    // Keys that no table knows.
    (
        "file.json",
        r#"{"other_session":{"a":"b"},"my_TLS_options":"x","a":{"b_session":1,"c":[{"tls":2,"d":3}]},"x.tls_key":"y"}"#,
        r#"{"a":{"c":[{"d":3}]}}"#,
    ),
    ("aws.ssm", r#"{"aws_secret_access_key":"too high","aws_region":"eu"}"#, "{}"),
    // Of several spellings, one counts.
    (
        "hashicorp.vault",
        r#"{"vault_token":"t","VAULT_TOKEN":1,"Vault_Address":"a","vault_address":"b","vault_session":{},"Vault_Session":"x"}"#,
        r#"{"vault_address":"b"}"#,
    ),
    // Wrong types stay wrong, but empty.
    ("azure.keyvault", r#"{"azure_session":"secret"}"#, r#"{"azure_session":""}"#),
    ("azure.keyvault", r#"{"azure_session":["secret"]}"#, r#"{"azure_session":[]}"#),
    ("hashicorp.vault", r#"{"vault_token":4711}"#, r#"{"vault_token":0}"#),
    (
        "hashicorp.vault",
        r#"{"vault_session":{"vault_role_id":{"a":1},"vault_secret_id":null}}"#,
        r#"{"vault_session":{"vault_role_id":{}}}"#,
    ),
    (
        "hashicorp.vault",
        r#"{"vault_session":{"implicit_auth":true},"vault_tls_config":{"insecure":"yes","client_key":["k"]}}"#,
        r#"{"vault_session":{"implicit_auth":true},"vault_tls_config":{"insecure":"yes","client_key":[]}}"#,
    ),
    ("file.json", r#"["secret"]"#, "[]"),
    ("file.json", "null", "null"),
];

#[test]
fn guests_see_their_settings_only() {
    for (backend_type, settings, seen) in VIEWS {
        assert_eq!(view(backend_type, settings), *seen, "{backend_type} {settings}");
    }
}

/// Settings of a component of the operator's own, those that it sees, and the names of the others.
const CUSTOM: &[(&str, &str, &[&str])] = &[
    (r#"{"url":"https://a","token":"t","retries":3}"#, r#"{"url":"https://a","token":"t","retries":3}"#, &[]),
    // The names of the built-in types mean nothing here.
    (r#"{"vault_token":"t","clientid":"c"}"#, r#"{"vault_token":"t","clientid":"c"}"#, &[]),
    (
        r#"{"my_session":{"a":1,"b":{"c":[2,3]}},"x":1}"#,
        r#"{"x":1}"#,
        &["my_session.a", "my_session.b.c.0", "my_session.b.c.1"],
    ),
    (
        r#"{"My_SESSION":"p","_session":1,"session":"seen"}"#,
        r#"{"session":"seen"}"#,
        &["My_SESSION", "_session"],
    ),
    (
        r#"{"tls":{"key":"k"},"TLS_key":"k","http":{"mtlsCert":true,"port":1}}"#,
        r#"{"http":{"port":1}}"#,
        &["TLS_key", "http.mtlsCert", "tls.key"],
    ),
    (
        r#"{"stores":[{"name":"a","a_session":{"k":"s"}},{"name":"b","tls":1}]}"#,
        r#"{"stores":[{"name":"a"},{"name":"b"}]}"#,
        &["stores.0.a_session.k", "stores.1.tls"],
    ),
    // The dotted form of a name is no way around.
    (
        r#"{"my_session.password":"p","a.tls.b":"c","a.b":1}"#,
        r#"{"a.b":1}"#,
        &["a.tls.b", "my_session.password"],
    ),
    ("{}", "{}", &[]),
];

#[test]
fn any_component_sees_no_session_and_no_tls() {
    for (settings, expected, hidden) in CUSTOM {
        let given = parse(settings.as_bytes()).unwrap();
        let seen = custom_view(&given);
        let mut text = String::new();
        write_value(&mut text, &seen);
        assert_eq!(text, *expected, "{settings}");
        assert_eq!(withheld(&given, &seen), *hidden, "{settings}");
    }
}

#[test]
fn what_is_withheld_is_named_without_its_value() {
    let rows: &[(&str, &str, &[&str])] = &[
        ("file.json", r#"{"file_path":"/s"}"#, &[]),
        (
            "hashicorp.vault",
            r#"{"vault_address":"https://v","VAULT_TOKEN":"t","vault_session":{"vault_role_id":"r","new":"n"},"vault_tls_config":{"insecure":true}}"#,
            &["VAULT_TOKEN", "vault_session.new", "vault_session.vault_role_id", "vault_tls_config.insecure"],
        ),
        ("azure.keyvault", r#"{"azure_session":"secret"}"#, &["azure_session"]),
        (
            "aws.ssm",
            r#"{"aws_session":{"aws_region":"eu","aws_access_key_id":7}}"#,
            &["aws_session.aws_access_key_id"],
        ),
    ];
    for (backend_type, settings, expected) in rows {
        let given = parse(settings.as_bytes()).unwrap();
        let seen = guest_view(schema(backend_type).unwrap(), &given);
        assert_eq!(withheld(&given, &seen), *expected, "{backend_type} {settings}");
    }
}

#[test]
fn a_guest_refuses_what_the_host_refuses_in_the_same_words() {
    for (backend_type, settings, _) in VIEWS {
        let (schema, given) = (schema(backend_type).unwrap(), parse(settings.as_bytes()).unwrap());
        let host = decode(schema, &given).err();
        let guest = decode(schema, &guest_view(schema, &given)).err();
        assert_eq!(host, guest, "{backend_type} {settings}");
    }
}

#[test]
fn there_are_thirteen_types() {
    let mut names = BACKEND_TYPES.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 13);
    assert!(names.iter().all(|name| schema(name).is_some_and(|schema| schema.name == *name)));
    assert!(["", "nope", "File.Json", "file.json "].iter().all(|name| schema(name).is_none()));
}

#[test]
fn settings_flatten_to_pairs() {
    let settings = r#"{"a":{"b":"c","n":null,"l":[true,[2.50]]},"e":{},"":"no name","a.b":"later"}"#;
    let pairs = flatten(&parse(settings.as_bytes()).unwrap());
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    assert_eq!(
        pairs,
        [("a.b", "c"), ("a.l.0", "true"), ("a.l.1.0", "2.50"), ("a.b", "later"), ("", settings)]
    );
}

/// Every setting of a table, and some unknown ones, with the marker wherever a guest must not look. `upper`
/// says which are shouted.
fn marked(fields: &[Field], upper: &mut dyn FnMut() -> bool) -> Vec<(String, Value)> {
    let hidden = || Value::String(MARKER.to_owned());
    let mut members: Vec<(String, Value)> = fields
        .iter()
        .map(|field| {
            let value = match &field.kind {
                Kind::Struct(inner) => {
                    let mut inner = marked(inner, upper);
                    inner.push(("unknown".to_owned(), hidden()));
                    Value::Object(inner)
                }
                _ if field.place == Place::Guest => Value::String("seen".to_owned()),
                Kind::Bool => Value::Bool(true),
                _ => hidden(),
            };
            let key = if upper() { field.key.to_uppercase() } else { field.key.to_owned() };
            (key, value)
        })
        .collect();
    members.push(("new_session".to_owned(), hidden()));
    members
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_host_setting_is_seen(case in any::<u64>(), backend_type in prop::sample::select(BACKEND_TYPES.as_slice())) {
        let mut turn = case;
        let mut upper = || {
            turn = turn.rotate_left(1);
            turn & 1 == 1
        };
        let schema = schema(backend_type).unwrap();
        let settings = Value::Object(marked(schema.fields, &mut upper));
        let seen = flatten(&guest_view(schema, &settings));
        prop_assert!(seen.iter().all(|(_, text)| !text.contains(MARKER)), "{:?}", seen);
        let (given, kept) = [flatten(&settings), seen].map(|pairs| pairs.iter().filter(|(_, text)| text == "seen").count()).into();
        prop_assert_eq!(given, kept);
        let shown = format!("{settings:?}");
        prop_assert!(!shown.contains(MARKER), "{}", shown);
    }
}
