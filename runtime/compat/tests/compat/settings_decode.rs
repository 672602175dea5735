//! How the settings of a backend are decoded, and what is said of those that do not fit.

use portcullis_compat::json::parse;
use portcullis_compat::settings::{BACKEND_TYPES, Decoded, FileSettings, decode, schema};
use proptest::prelude::*;

fn decoded(backend_type: &str, settings: &str) -> Result<Decoded, String> {
    let settings = parse(settings.as_bytes()).unwrap();
    decode(schema(backend_type).unwrap(), &settings).map_err(|error| error.to_string())
}

/// Backend type, settings, the lines after the heading.
const FAULTS: &[(&str, &str, &[&str])] = &[
    (
        "windows.regkey",
        r#"{"root_key":42}"#,
        &["'root_key' expected type 'string', got unconvertible type 'float64', value: '42'"],
    ),
    (
        "file.json",
        r#"{"file_path":true}"#,
        &["'file_path' expected type 'string', got unconvertible type 'bool', value: 'true'"],
    ),
    (
        "file.json",
        r#"{"file_path":["a",1]}"#,
        &["'file_path' expected type 'string', got unconvertible type '[]interface {}', value: '[a 1]'"],
    ),
    (
        "file.json",
        r#"{"file_path":{"b":null,"a":1e21}}"#,
        &[
            "'file_path' expected type 'string', got unconvertible type 'map[string]interface {}', value: 'map[a:1e+21 b:<nil>]'",
        ],
    ),
    (
        "file.json",
        r#"{"max_file_read_size":"10"}"#,
        &["'max_file_read_size' expected type 'int64', got unconvertible type 'string', value: '10'"],
    ),
    (
        "file.yaml",
        r#"{"max_file_read_size":true}"#,
        &["'max_file_read_size' expected type 'int64', got unconvertible type 'bool', value: 'true'"],
    ),
    (
        "aws.secrets",
        r#"{"force_string":"true"}"#,
        &["'force_string' expected type 'bool', got unconvertible type 'string', value: 'true'"],
    ),
    (
        "aws.secrets",
        r#"{"force_string":1}"#,
        &["'force_string' expected type 'bool', got unconvertible type 'float64', value: '1'"],
    ),
    ("azure.keyvault", r#"{"azure_session":"x"}"#, &["'azure_session' expected a map, got 'string'"]),
    ("azure.keyvault", r#"{"azure_session":[]}"#, &["'azure_session' expected a map, got 'slice'"]),
    ("azure.keyvault", r#"{"azure_session":1}"#, &["'azure_session' expected a map, got 'float64'"]),
    ("azure.keyvault", r#"{"azure_session":false}"#, &["'azure_session' expected a map, got 'bool'"]),
    (
        "aws.ssm",
        r#"{"AWS_session":{"AWS_REGION":5}}"#,
        &["'aws_session.aws_region' expected type 'string', got unconvertible type 'float64', value: '5'"],
    ),
    // The value of a credential is not repeated.
    (
        "azure.keyvault",
        r#"{"azure_session":{"azure_client_id":8675309}}"#,
        &[
            "'azure_session.azure_client_id' expected type 'string', got unconvertible type 'float64', value: '********'",
        ],
    ),
    (
        "hashicorp.vault",
        r#"{"vault_tls_config":{"insecure":"yes"},"vault_session":{"implicit_auth":true},"vault_address":7}"#,
        &[
            "'vault_address' expected type 'string', got unconvertible type 'float64', value: '7'",
            "'vault_session.implicit_auth' expected type 'string', got unconvertible type 'bool', value: 'true'",
            "'vault_tls_config.insecure' expected type 'bool', got unconvertible type 'string', value: 'yes'",
        ],
    ),
    (
        "file.text",
        r#"{"secrets_path":1,"max_file_read_size":[]}"#,
        &[
            "'max_file_read_size' expected type 'int64', got unconvertible type '[]interface {}', value: '[]'",
            "'secrets_path' expected type 'string', got unconvertible type 'float64', value: '1'",
        ],
    ),
    ("file.json", "[]", &["'' expected a map, got 'slice'"]),
];

#[test]
fn every_fault_is_named() {
    for (backend_type, settings, faults) in FAULTS {
        let heading = format!("failed to map backend configuration: {} error(s) decoding:\n", faults.len());
        let lines: String = faults.iter().map(|fault| format!("\n* {fault}")).collect();
        assert_eq!(decoded(backend_type, settings).unwrap_err(), heading + &lines, "{settings}");
    }
}

#[test]
fn what_fits_is_read() {
    let rows: &[(&str, &str, &str, &str)] = &[
        ("file.json", r#"{"file_path":"/s"}"#, "file_path", "/s"),
        ("file.json", r#"{"FILE_PATH":"/s"}"#, "file_path", "/s"),
        ("file.json", r#"{"FILE_PATH":"/other","file_path":"/s","File_Path":"/third"}"#, "file_path", "/s"),
        ("file.json", r#"{"file_path":"/a","file_path":"/s"}"#, "file_path", "/s"),
        ("file.json", r#"{"file_path":null}"#, "file_path", ""),
        ("file.json", r#"{"file_pth":"/s","backend_type":"file.json"}"#, "file_path", ""),
        ("file.json", "{}", "file_path", ""),
        ("file.json", "null", "file_path", ""),
        (
            "hashicorp.vault",
            r#"{"vault_session":{"implicit_auth":"true"}}"#,
            "vault_session.implicit_auth",
            "true",
        ),
        ("hashicorp.vault", r#"{"vault_session":null}"#, "vault_session.implicit_auth", ""),
        ("gcp.secretmanager", r#"{"gcp_session":{"Project_ID":"p"}}"#, "gcp_session.project_id", "p"),
    ];
    for (backend_type, settings, path, expected) in rows {
        assert_eq!(decoded(backend_type, settings).unwrap().string(path), *expected, "{settings}");
    }
    assert!(decoded("aws.secrets", r#"{"force_string":true}"#).unwrap().bool("force_string"));
    assert!(!decoded("aws.secrets", r#"{"force_string":null}"#).unwrap().bool("force_string"));
}

#[test]
fn a_whole_number_takes_any_number() {
    let rows = [
        ("5", 5),
        ("1.9", 1),
        ("-1.9", -1),
        ("0", 0),
        ("1e3", 1000),
        ("12582912", 12_582_912),
        ("-9223372036854775808", i64::MIN),
        ("1e300", i64::MIN),
    ];
    for (number, expected) in rows {
        let settings = format!(r#"{{"max_file_read_size":{number}}}"#);
        assert_eq!(decoded("file.json", &settings).unwrap().int("max_file_read_size"), expected, "{number}");
    }
}

#[test]
fn being_given_is_about_the_exact_spelling() {
    let rows = [
        ("{}", false),
        (r#"{"secrets_path":""}"#, true),
        (r#"{"secrets_path":null}"#, true),
        (r#"{"SECRETS_PATH":"/x"}"#, false),
    ];
    for (settings, expected) in rows {
        assert_eq!(
            decoded("docker.secrets", settings).unwrap().is_given("secrets_path"),
            expected,
            "{settings}"
        );
    }
    let session = decoded("azure.keyvault", r#"{"azure_session":{"azure_client_id":""}}"#).unwrap();
    assert!(session.is_given("azure_session.azure_client_id"));
    assert!(session.is_given("azure_session"));
}

#[test]
fn file_settings_have_their_defaults() {
    let rows = [
        ("file.json", r#"{"file_path":"/s","max_file_read_size":5}"#, Some(("/s", 5))),
        (
            "file.yaml",
            r#"{"file_path":"/s","secrets_path":"/d","max_file_read_size":0}"#,
            Some(("/s", 10_485_760)),
        ),
        ("file.text", r#"{"secrets_path":"/d/","max_file_read_size":-1}"#, Some(("/d/", 10_485_760))),
        ("file.text", r#"{"max_file_read_size":1e300}"#, Some(("", 10_485_760))),
        ("k8s.file", r#"{"max_file_read_size":0.9}"#, Some(("", 10_485_760))),
        ("docker.secrets", "{}", Some(("/run/secrets", 10_485_760))),
        ("docker.secrets", r#"{"secrets_path":"/d"}"#, Some(("/d", 10_485_760))),
        ("docker.secrets", r#"{"secrets_path":""}"#, Some(("", 10_485_760))),
        ("docker.secrets", r#"{"secrets_path":null}"#, Some(("", 10_485_760))),
        // The reference sets its default beside the other spelling, and the exact one wins.
        ("docker.secrets", r#"{"Secrets_Path":"/d"}"#, Some(("/run/secrets", 10_485_760))),
        ("hashicorp.vault", "{}", None),
    ];
    for (backend_type, settings, expected) in rows {
        let decoded = decoded(backend_type, settings).unwrap();
        let files = FileSettings::of(schema(backend_type).unwrap(), &decoded);
        assert_eq!(
            files.map(|files| (files.path, files.max_file_size)),
            expected,
            "{backend_type} {settings}"
        );
    }
}

#[test]
fn debug_shows_names_only() {
    let decoded = decoded("hashicorp.vault", r#"{"vault_token":"hunter2"}"#).unwrap();
    assert_eq!(format!("{decoded:?}"), r#"{"vault_token"}"#);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn settings_of_any_kind_are_answered(text in r#"(\{|\}|\[|\]|,|:|"file_path"|"aws_session"|"x"|1|null){0,12}"#) {
        if let Ok(settings) = parse(text.as_bytes()) {
            for backend_type in BACKEND_TYPES {
                let _ = decode(schema(backend_type).unwrap(), &settings);
            }
        }
    }
}
