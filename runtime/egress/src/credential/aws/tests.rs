//! The signature, by the vectors of two other implementations; regions of hosts; shared files.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::ini::{Form, Section, read};
use super::sign::{Scope, Unsigned, sign};
use super::source::region_of_host;

/// 2024-01-15T12:00:00Z.
const TIME: Duration = Duration::from_secs(1_705_320_000);

/// Region, service, headers beside `host` and `x-amz-date`, session token, body, signature.
type Vector = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    Option<&'static str>,
    &'static str,
    &'static str,
);

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.1");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

const VECTORS: &[Vector] = &[
    (
        "us-east-1",
        "secretsmanager",
        &[JSON, ("x-amz-target", "secretsmanager.GetSecretValue")],
        None,
        r#"{"SecretId":"key1"}"#,
        "2b5fb4b5b64282584cca5b65da5af6b137213b9eb4fad40a34db3e82b9ef9141",
    ),
    (
        "eu-west-1",
        "ssm",
        &[JSON, ("x-amz-target", "AmazonSSM.GetParameter")],
        Some("TOKEN123"),
        r#"{"Name":"/group1/key1","WithDecryption":true}"#,
        "086fe8bba3b12eda78d345e3dd8324b2929a695d1cb949e3319320531c3b5545",
    ),
    (
        "us-east-1",
        "sts",
        &[FORM],
        None,
        "Action=GetCallerIdentity&Version=2011-06-15",
        "5096d1ad51b359c8fba43b13ce5a4aee1156c72d4d4684f9e3a7593c2302b4a0",
    ),
    (
        "us-east-1",
        "sts",
        &[FORM, ("x-vault-aws-iam-server-id", "vault.example.com")],
        None,
        "Action=GetCallerIdentity&Version=2011-06-15",
        "20baf37a6096974ebc0aa6ef92b4caaecfb3cf913dd5e29e76a4cf5bfe672add",
    ),
];

#[test]
fn signatures_are_those_of_other_implementations() {
    for (region, service, added, token, body, expected) in VECTORS {
        let keys = Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            token.map(str::to_owned),
            None,
            "test",
        );
        let url = format!("https://{service}.{region}.amazonaws.com/").parse().unwrap();
        let headers: HeaderMap = added
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let unsigned =
            Unsigned { method: &Method::POST, url: &url, headers: &headers, body: body.as_bytes() };
        let scope = Scope { keys: &keys, region, service, now: SystemTime::UNIX_EPOCH + TIME };
        let signature = sign(&unsigned, &scope).unwrap();
        let header = |name: &str| {
            let found = signature.headers.iter().find(|(header, _)| header == name);
            found.map(|(_, value)| value.to_str().unwrap())
        };
        let authorization = header("authorization").unwrap();
        assert!(authorization.ends_with(&format!(", Signature={expected}")), "{service}: {authorization}");
        assert!(
            authorization.starts_with(&format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240115/{region}/{service}/aws4_request, SignedHeaders="
            )),
            "{authorization}"
        );
        assert_eq!(header("x-amz-date"), Some("20240115T120000Z"));
        assert_eq!(header("x-amz-security-token"), *token);
        assert_eq!(signature.headers.iter().filter(|(_, value)| !value.is_sensitive()).count(), 0);
    }
}

#[test]
fn the_region_is_read_from_the_host() {
    let table = [
        ("secretsmanager.eu-west-1.amazonaws.com", Some("eu-west-1")),
        ("secretsmanager-fips.us-gov-east-1.amazonaws.com", Some("us-gov-east-1")),
        ("ssm.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
        ("secretsmanager.eu-west-1.api.aws", Some("eu-west-1")),
        ("vpce-0a-1b.ssm.eu-west-1.vpce.amazonaws.com", Some("eu-west-1")),
        ("sts.amazonaws.com", None),
        ("eu-west-1.amazonaws.com", None),
        ("my-bucket-1.s3.amazonaws.com", None),
        ("secretsmanager.eu-west-1.amazonaws.com.evil.example", None),
        ("a.eu-west-.amazonaws.com", None),
        ("127.0.0.1", None),
    ];
    for (host, expected) in table {
        assert_eq!(region_of_host(host).as_deref(), expected, "{host}");
    }
}

#[test]
fn shared_files_are_read_as_the_tools_of_aws_do() {
    let config = "; a comment\n[default]\nregion = eu-west-1\n[profile team]\nrole_arn=arn:x # why\ns3 =\n  region = nested\n\
                  [sso-session x]\nsso_region = a\n[team]\nregion = not-a-profile\n[profileteam]\nregion = neither\n";
    let credentials =
        "[team]\naws_access_key_id = A\nAWS_SECRET_ACCESS_KEY = a#b=c;d\nnonsense\n[ default ]\nx = 1\n";
    let mut profiles: BTreeMap<String, Section> = BTreeMap::new();
    read(config, Form::Config, &mut profiles);
    read(credentials, Form::Credentials, &mut profiles);
    let rows: Vec<String> = profiles
        .iter()
        .flat_map(|(name, section)| {
            section.iter().map(move |(key, value)| format!("{name}.{key}={}", value.as_str()))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "default.region=eu-west-1",
            "default.x=1",
            "team.aws_access_key_id=A",
            "team.aws_secret_access_key=a#b=c;d",
            "team.role_arn=arn:x",
            "team.s3=",
        ]
    );
}
