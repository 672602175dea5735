//! The tables of the built-in backend types.

use super::schema::{Field, Kind, Place, Schema};

/// The table of a backend type, if it is built in. The name is matched exactly, as the reference does.
///
/// ```
/// use portcullis_compat::settings::schema;
///
/// assert_eq!(schema("file.json").map(|schema| schema.fields.len()), Some(2));
/// assert!(schema("FILE.JSON").is_none());
/// ```
#[must_use]
pub fn schema(backend_type: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.name == backend_type)
}

/// The names of all built-in backend types, in the order of the tables.
pub const BACKEND_TYPES: [&str; SCHEMAS.len()] = {
    let mut names = [""; SCHEMAS.len()];
    let mut rest: &[Schema] = &SCHEMAS;
    let mut slots: &mut [&str] = &mut names;
    while let (Some((schema, after)), Some((slot, free))) = (rest.split_first(), slots.split_first_mut()) {
        *slot = schema.name;
        rest = after;
        slots = free;
    }
    names
};

pub(super) static SCHEMAS: [Schema; 13] = [
    Schema { name: "file.json", fields: FILE },
    Schema { name: "file.yaml", fields: FILE },
    Schema { name: "file.text", fields: FOLDER },
    Schema { name: "k8s.file", fields: FOLDER },
    Schema { name: "docker.secrets", fields: FOLDER },
    Schema {
        name: "k8s.secrets",
        fields: &[credential("token_path"), tls("ca_path", Kind::Str), guest("api_server", Kind::Str)],
    },
    Schema {
        name: "akeyless",
        fields: &[
            guest("akeyless_url", Kind::Str),
            session(
                "akeyless_session",
                &[credential("akeyless_access_id"), credential("akeyless_access_key")],
            ),
        ],
    },
    Schema { name: "aws.ssm", fields: &[AWS_SESSION] },
    Schema { name: "aws.secrets", fields: &[AWS_SESSION, guest("force_string", Kind::Bool)] },
    Schema {
        name: "gcp.secretmanager",
        fields: &[session("gcp_session", &[guest("project_id", Kind::Str)])],
    },
    Schema {
        name: "hashicorp.vault",
        fields: &[
            guest("vault_address", Kind::Str),
            guest("vault_namespace", Kind::Str),
            credential("vault_token"),
            session("vault_session", VAULT_SESSION),
            tls("vault_tls_config", Kind::Struct(VAULT_TLS)),
        ],
    },
    Schema {
        name: "azure.keyvault",
        fields: &[
            guest("keyvaulturl", Kind::Str),
            credential("clientid"),
            session("azure_session", AZURE_SESSION),
        ],
    },
    Schema { name: "windows.regkey", fields: &[guest("root_key", Kind::Str)] },
];

const FILE: &[Field] = &[guest("file_path", Kind::Str), guest("max_file_read_size", Kind::Int64)];

const FOLDER: &[Field] = &[guest("secrets_path", Kind::Str), guest("max_file_read_size", Kind::Int64)];

// The region is part of the request's address, which the guest builds.
const AWS_SESSION: Field = session(
    "aws_session",
    &[
        guest("aws_region", Kind::Str),
        credential("aws_access_key_id"),
        credential("aws_secret_access_key"),
        credential("aws_profile"),
        credential("aws_role_arn"),
        credential("aws_external_id"),
    ],
);

// The host does the login, so all that selects and feeds it is the host's, the region of an AWS login
// included.
const VAULT_SESSION: &[Field] = &[
    credential("vault_role_id"),
    credential("vault_secret_id"),
    credential("vault_username"),
    credential("vault_password"),
    credential("vault_ldap_username"),
    credential("vault_ldap_password"),
    credential("vault_auth_type"),
    credential("vault_aws_role"),
    credential("aws_region"),
    credential("vault_aws_iam_server_id"),
    credential("vault_kubernetes_role"),
    credential("vault_kubernetes_jwt"),
    credential("vault_kubernetes_jwt_path"),
    credential("vault_kubernetes_mount_path"),
    credential("implicit_auth"),
];

const VAULT_TLS: &[Field] = &[
    tls("ca_cert", Kind::Str),
    tls("ca_path", Kind::Str),
    tls("client_cert", Kind::Str),
    tls("client_key", Kind::Str),
    tls("tls_server", Kind::Str),
    tls("insecure", Kind::Bool),
];

const AZURE_SESSION: &[Field] = &[
    credential("azure_client_id"),
    credential("azure_tenant_id"),
    credential("azure_client_secret"),
    credential("azure_client_certificate_path"),
    credential("azure_client_certificate_password"),
    Field { key: "azure_client_send_certificate_chain", kind: Kind::Bool, place: Place::HostCredential },
];

const fn guest(key: &'static str, kind: Kind) -> Field {
    Field { key, kind, place: Place::Guest }
}

const fn credential(key: &'static str) -> Field {
    Field { key, kind: Kind::Str, place: Place::HostCredential }
}

const fn tls(key: &'static str, kind: Kind) -> Field {
    Field { key, kind, place: Place::HostTls }
}

const fn session(key: &'static str, fields: &'static [Field]) -> Field {
    Field { key, kind: Kind::Struct(fields), place: Place::HostCredential }
}
