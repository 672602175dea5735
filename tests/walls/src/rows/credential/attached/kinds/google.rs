//! Google: every kind of credential file, the metadata service, and impersonation.

use portcullis_test_servers::issuer::Grant;

use super::{KEY, Kind, TEXT};

const TOKEN: &str = "token/of+the\\account&=~";
const FIRST: &str = "token/of+the=first";
const SECRET: &str = "secret/of+the=client";
const REFRESH: &str = "refresh/of+the=user";
const SUBJECT: &str = "eyJoZWFk.eyJzdWIi.c2lnbmF0dXJl";

const GIVEN: &str = r#"{"access_token":"token/of+the\\account&=~","expires_in":3599,"token_type":"Bearer"}"#;
const GIVEN_FIRST: &str = r#"{"access_token":"token/of+the=first","expires_in":3599,"token_type":"Bearer"}"#;
const IMPERSONATED: &str =
    r#"{"accessToken":"token/of+the\\account&=~","expireTime":"2999-01-01T00:00:00Z"}"#;

const ACCOUNT: (&str, &str) = (
    "/google/file",
    r#"{"type":"service_account","private_key_id":"key-1","private_key":"{key}","client_email":"robot@p.example","token_uri":"{source}/token"}"#,
);
const USER: (&str, &str) = (
    "/google/file",
    r#"{"type":"authorized_user","client_id":"app","client_secret":"secret/of+the=client","refresh_token":"refresh/of+the=user","token_uri":"{source}/token"}"#,
);
const EXTERNAL: (&str, &str) = (
    "/google/file",
    r#"{"type":"external_account","audience":"//iam.googleapis.com/p","subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{source}/v1/token","credential_source":{"file":"/google/subject"}}"#,
);
const EXTERNAL_URL: (&str, &str) = (
    "/google/file",
    r#"{"type":"external_account","audience":"//iam.googleapis.com/p","subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{source}/v1/token","credential_source":{"url":"{source}/subject","headers":{"x-key":"secret/of+the=client"}}}"#,
);
const WRAPPED: (&str, &str) = (
    "/google/file",
    r#"{"type":"impersonated_service_account","service_account_impersonation_url":"{source}/v1/projects/-/serviceAccounts/sa@p.example:generateAccessToken","delegates":[],"source_credentials":{"type":"authorized_user","client_id":"app","client_secret":"secret/of+the=client","refresh_token":"refresh/of+the=user","token_uri":"{source}/token"}}"#,
);

const GOOGLE: Kind = Kind {
    credential: "kind: google, endpoints: ['{source}'], from: { file: /google/file }",
    arrives: "Bearer token/of+the\\account&=~",
    comes_back: "Bearer ***",
    shown: &[TOKEN],
    ..TEXT
};
const METADATA: &str = "GET /computeMetadata/v1/instance/service-accounts/default/token";
const IMPERSONATE: Grant = Grant {
    line: "POST /v1/projects/-/serviceAccounts/sa@p.example:generateAccessToken",
    proof: FIRST,
    body: IMPERSONATED,
};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "google service_account",
        files: &[ACCOUNT],
        grants: &[Grant { line: "POST /token", proof: "assertion=", body: GIVEN }],
        kept: &[KEY],
        ..GOOGLE
    },
    Kind {
        name: "google authorized_user",
        files: &[USER],
        grants: &[Grant { line: "POST /token", proof: REFRESH, body: GIVEN }],
        shown: &[TOKEN, SECRET, REFRESH],
        ..GOOGLE
    },
    Kind {
        name: "google external_account of a file",
        files: &[EXTERNAL, ("/google/subject", SUBJECT)],
        grants: &[Grant { line: "POST /v1/token", proof: SUBJECT, body: GIVEN }],
        shown: &[TOKEN, SUBJECT],
        ..GOOGLE
    },
    Kind {
        name: "google external_account of a URL",
        files: &[EXTERNAL_URL],
        grants: &[
            Grant { line: "GET /subject", proof: SECRET, body: SUBJECT },
            Grant { line: "POST /v1/token", proof: SUBJECT, body: GIVEN },
        ],
        shown: &[TOKEN, SUBJECT],
        kept: &[SECRET],
        ..GOOGLE
    },
    Kind {
        name: "google impersonated_service_account",
        files: &[WRAPPED],
        grants: &[Grant { line: "POST /token", proof: REFRESH, body: GIVEN_FIRST }, IMPERSONATE],
        shown: &[TOKEN, FIRST, SECRET, REFRESH],
        ..GOOGLE
    },
    Kind {
        name: "google metadata",
        credential: "kind: google, from: metadata, metadata: '{source}'",
        grants: &[Grant { line: METADATA, proof: "", body: GIVEN }],
        ..GOOGLE
    },
    Kind {
        name: "google default, and an account to act as",
        credential: "kind: google, metadata: '{source}', impersonate: sa@p.example, iam: '{source}'",
        grants: &[Grant { line: METADATA, proof: "", body: GIVEN_FIRST }, IMPERSONATE],
        shown: &[TOKEN, FIRST],
        ..GOOGLE
    },
];
