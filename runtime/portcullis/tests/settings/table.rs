//! Every setting of every type, by hand, and that the product's tables say the same.

use portcullis_compat::settings::{BACKEND_TYPES, Field, Kind, Place, schema};

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
