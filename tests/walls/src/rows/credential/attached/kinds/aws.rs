//! AWS: every source of keys. The guest sees that its request was signed, with which key and for what; the signature itself
//! is masked, as are the key and the session's token.

use portcullis_test_servers::issuer::Grant;

use super::{Kind, TEXT};

const SECRET: &str = "secret/of+aws=the/key";
const SESSION: &str = "session/of+aws=the/token";
const STATIC: &str = "secret/of+aws=static/key";
const WEB: &str = "eyJoZWFk.eyJ3ZWIi.c2lnbmF0dXJl";
const CONTAINER: &str = "token/of+the=container";
const INSTANCE: &str = "session/of+the=instance";
const EXTERNAL: &str = "external-of-the-role";

/// What the services of metadata give.
const KEYS: &str = r#"{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAGIVEN","SecretAccessKey":"secret/of+aws=the/key","Token":"session/of+aws=the/token","Expiration":"2999-01-01T00:00:00Z"}"#;
/// What the token service gives.
const ASSUMED: &str = "<r><Credentials><AccessKeyId>ASIAGIVEN</AccessKeyId><SecretAccessKey>secret/of+aws=the/key</SecretAccessKey>\
     <SessionToken>session/of+aws=the/token</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></r>";

const GIVEN: Kind = Kind {
    others: &["x-amz-security-token", "x-amz-date", "x-amz-content-sha256"],
    arrives: "AWS4-HMAC-SHA256 Credential=ASIAGIVEN/",
    comes_back: "AWS4-HMAC-SHA256 Credential=ASIAGIVEN/",
    shown: &[SECRET, SESSION],
    ..TEXT
};
const FIXED: Kind = Kind {
    arrives: "AWS4-HMAC-SHA256 Credential=AKIASTATIC/",
    comes_back: "AWS4-HMAC-SHA256 Credential=AKIASTATIC/",
    shown: &[STATIC],
    ..GIVEN
};

const ID: (&str, &str) = ("AWS_ACCESS_KEY_ID", "AKIASTATIC");
const KEY: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", STATIC);
const INSTANCE_GRANTS: &[Grant] = &[
    Grant { line: "PUT /latest/api/token", proof: "", body: INSTANCE },
    Grant { line: "GET /latest/meta-data/iam/security-credentials/", proof: INSTANCE, body: "reader" },
    Grant { line: "GET /latest/meta-data/iam/security-credentials/reader", proof: INSTANCE, body: KEYS },
];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "aws keys",
        credential: "kind: aws, service: ssm, region: eu-west-1, from: { keys: { id: { value: AKIASTATIC }, secret: { env: S } } }",
        variables: &[("S", STATIC)],
        ..FIXED
    },
    Kind {
        name: "aws keys of a session",
        credential: "kind: aws, service: ssm, region: eu-west-1, \
                     from: { keys: { id: { value: ASIAGIVEN }, secret: { file: /run/secret }, token: { env: T } } }",
        variables: &[("T", SESSION)],
        files: &[("/run/secret", SECRET)],
        ..GIVEN
    },
    Kind {
        name: "aws environment",
        credential: "kind: aws, service: ssm, region: eu-west-1, from: environment",
        variables: &[ID, KEY],
        ..FIXED
    },
    Kind {
        name: "aws chain",
        credential: "kind: aws, service: ssm, region: eu-west-1, metadata: '{source}', sts: '{source}'",
        variables: &[ID, KEY],
        ..FIXED
    },
    Kind {
        name: "aws profile",
        credential: "kind: aws, service: ssm, region: eu-west-1, from: { profile: reader, config: /aws/config, credentials: /aws/keys }",
        files: &[
            ("/aws/config", "[profile reader]\nregion = eu-west-1\n"),
            (
                "/aws/keys",
                "[reader]\naws_access_key_id = AKIASTATIC\naws_secret_access_key = secret/of+aws=static/key\n",
            ),
        ],
        ..FIXED
    },
    Kind {
        name: "aws web identity",
        credential: "kind: aws, service: ssm, region: eu-west-1, sts: '{source}', from: web_identity",
        variables: &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/aws/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::1:role/web"),
        ],
        files: &[("/aws/token", WEB)],
        grants: &[Grant { line: "POST /", proof: WEB, body: ASSUMED }],
        kept: &[WEB],
        ..GIVEN
    },
    Kind {
        name: "aws web identity as given",
        credential: "kind: aws, service: ssm, region: eu-west-1, sts: '{source}', \
                     from: { web_identity: { token: { file: /aws/token }, role: 'arn:aws:iam::1:role/web' } }",
        files: &[("/aws/token", WEB)],
        grants: &[Grant { line: "POST /", proof: WEB, body: ASSUMED }],
        kept: &[WEB],
        ..GIVEN
    },
    Kind {
        name: "aws container",
        credential: "kind: aws, service: ssm, region: eu-west-1, from: container",
        variables: &[
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "{source}/v1/credentials"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", CONTAINER),
        ],
        grants: &[Grant { line: "GET /v1/credentials", proof: CONTAINER, body: KEYS }],
        kept: &[CONTAINER],
        ..GIVEN
    },
    Kind {
        name: "aws instance",
        credential: "kind: aws, service: ssm, region: eu-west-1, metadata: '{source}', from: instance",
        grants: INSTANCE_GRANTS,
        kept: &[INSTANCE],
        ..GIVEN
    },
    Kind {
        name: "aws role",
        credential: "kind: aws, service: ssm, region: eu-west-1, sts: '{source}', from: environment, \
                     role: { arn: 'arn:aws:iam::1:role/reader', external_id: { env: X } }",
        variables: &[ID, KEY, ("X", EXTERNAL)],
        grants: &[Grant { line: "POST /", proof: EXTERNAL, body: ASSUMED }],
        kept: &[STATIC, EXTERNAL],
        ..GIVEN
    },
];
