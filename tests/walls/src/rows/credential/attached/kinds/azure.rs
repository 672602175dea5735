//! Azure: every identity. The platform's own secrets never go to the store.

use portcullis_test_servers::issuer::{ARC_KEY, Grant};

use super::{Kind, TEXT};

const TOKEN: &str = "token/of+the\\directory&=~";
const SECRET: &str = "secret/of+the\"application&=";
const FEDERATED: &str = "eyJoZWFk.eyJmZWQi.c2lnbmF0dXJl";
const HEADER: &str = "secret/of+the=platform";
const AGENT: &str = "key/of+the=agent";

const GIVEN: &str =
    r#"{"token_type":"Bearer","access_token":"token/of+the\\directory&=~","expires_in":3600}"#;

const AZURE: Kind =
    Kind { arrives: "Bearer token/of+the\\directory&=~", comes_back: "Bearer ***", shown: &[TOKEN], ..TEXT };

const fn directory(proof: &'static str) -> Grant {
    Grant { line: "POST /tenant-1/oauth2/v2.0/token", proof, body: GIVEN }
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "azure secret",
        credential: "kind: azure, tenant: tenant-1, client: app-1, authority: '{source}', from: { secret: { env: S } }",
        variables: &[("S", SECRET)],
        grants: &[directory(SECRET)],
        shown: &[TOKEN, SECRET],
        ..AZURE
    },
    Kind {
        name: "azure certificate",
        credential: "kind: azure, tenant: tenant-1, client: app-1, authority: '{source}', \
                     from: { certificate: { file: /azure/certificate }, chain: true }",
        files: &[("/azure/certificate", "{pem}")],
        grants: &[directory("client_assertion=")],
        kept: &[super::KEY],
        ..AZURE
    },
    Kind {
        name: "azure environment",
        credential: "kind: azure, authority: '{source}', from: environment",
        variables: &[
            ("AZURE_TENANT_ID", "tenant-1"),
            ("AZURE_CLIENT_ID", "app-1"),
            ("AZURE_CLIENT_SECRET", SECRET),
        ],
        grants: &[directory(SECRET)],
        shown: &[TOKEN, SECRET],
        ..AZURE
    },
    Kind {
        name: "azure workload as given",
        credential: "kind: azure, tenant: tenant-1, client: app-1, authority: '{source}', from: { workload: { file: /azure/token } }",
        files: &[("/azure/token", FEDERATED)],
        grants: &[directory(FEDERATED)],
        shown: &[TOKEN, FEDERATED],
        ..AZURE
    },
    Kind {
        name: "azure workload of the host",
        credential: "kind: azure, authority: '{source}', from: workload",
        variables: &[
            ("AZURE_TENANT_ID", "tenant-1"),
            ("AZURE_CLIENT_ID", "app-1"),
            ("AZURE_FEDERATED_TOKEN_FILE", "/azure/token"),
        ],
        files: &[("/azure/token", FEDERATED)],
        grants: &[directory(FEDERATED)],
        shown: &[TOKEN, FEDERATED],
        ..AZURE
    },
    Kind {
        name: "azure managed by App Service",
        credential: "kind: azure, from: managed",
        variables: &[("IDENTITY_ENDPOINT", "{source}/msi/token"), ("IDENTITY_HEADER", HEADER)],
        grants: &[Grant { line: "GET /msi/token", proof: HEADER, body: GIVEN }],
        kept: &[HEADER],
        ..AZURE
    },
    Kind {
        name: "azure managed by Machine Learning",
        credential: "kind: azure, from: managed",
        variables: &[("MSI_ENDPOINT", "{source}/ml/token"), ("MSI_SECRET", HEADER)],
        grants: &[Grant { line: "GET /ml/token", proof: HEADER, body: GIVEN }],
        kept: &[HEADER],
        ..AZURE
    },
    Kind {
        name: "azure managed by Cloud Shell",
        credential: "kind: azure, from: managed",
        variables: &[("MSI_ENDPOINT", "{source}/shell/token")],
        grants: &[Grant { line: "POST /shell/token", proof: "", body: GIVEN }],
        ..AZURE
    },
    Kind {
        name: "azure managed by Arc",
        credential: "kind: azure, from: managed",
        variables: &[("IDENTITY_ENDPOINT", "{source}/arc/token")],
        files: &[(ARC_KEY, AGENT)],
        grants: &[Grant { line: "GET /arc/token", proof: AGENT, body: GIVEN }],
        kept: &[AGENT],
        ..AZURE
    },
    Kind {
        name: "azure managed by the instance",
        credential: "kind: azure, from: managed, metadata: '{source}'",
        grants: &[Grant { line: "GET /metadata/identity/oauth2/token", proof: "", body: GIVEN }],
        ..AZURE
    },
    Kind {
        name: "azure chain",
        credential: "kind: azure, authority: '{source}', metadata: '{source}', tenant: tenant-1, client: app-1",
        variables: &[("AZURE_FEDERATED_TOKEN_FILE", "/azure/token")],
        files: &[("/azure/token", FEDERATED)],
        grants: &[directory(FEDERATED)],
        shown: &[TOKEN, FEDERATED],
        ..AZURE
    },
];
