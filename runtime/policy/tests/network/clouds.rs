//! How credentials of clouds are written, what `explain` says of them, and whom their sources may ask.

use std::net::IpAddr;

use portcullis_policy::Reason;
use portcullis_policy::network::{MetadataService, SourceEndpoint};

use crate::{decide, policy};

/// Text that must not be shown anywhere.
const MARKER: &str = "marker-value";

/// A credential and what is said about it.
const ROWS: &[(&str, &str)] = &[
    ("kind: aws, service: ssm", "aws ssm from the standard chain"),
    (
        "kind: aws, service: ssm, region: eu-west-1, from: environment",
        "aws ssm of eu-west-1 from the host's AWS variables",
    ),
    ("kind: aws, service: ssm, from: web_identity", "aws ssm from the host's web identity"),
    ("kind: aws, service: ssm, from: profile", "aws ssm from the host's profile"),
    ("kind: aws, service: ssm, from: container", "aws ssm from the container's metadata service"),
    (
        "kind: aws, service: ssm, from: instance, metadata: 'http://127.0.0.1:1338'",
        "aws ssm from the instance's metadata service, metadata http://127.0.0.1:1338",
    ),
    (
        "kind: aws, service: ssm, from: { profile: team, config: /c, credentials: /d }",
        "aws ssm from profile team",
    ),
    (
        "kind: aws, service: ssm, from: { keys: { id: { value: marker-value }, secret: { value: marker-value } } }, \
         role: { arn: 'arn:aws:iam::1:role/r', external_id: { value: marker-value }, session: ab, duration: 1h }, \
         sts: https://sts.example",
        "aws ssm from a value in the policy file, as arn:aws:iam::1:role/r, sts https://sts.example",
    ),
    (
        "kind: aws, service: ssm, from: { web_identity: { token: { file: /t }, role: 'arn:aws:iam::1:role/r' } }",
        "aws ssm from web identity of file /t as arn:aws:iam::1:role/r",
    ),
    ("kind: azure", "azure from variables, workload or managed identity"),
    ("kind: azure, from: environment", "azure from the host's AZURE variables"),
    ("kind: azure, from: workload", "azure from the host's workload identity"),
    ("kind: azure, from: managed, client: c", "azure from managed identity, client c"),
    (
        "kind: azure, tenant: t, client: c, from: { secret: { value: marker-value } }, authority: https://login.example, \
         scope: https://vault.azure.cn/.default, metadata: 'http://localhost:1'",
        "azure from a secret in a value in the policy file, tenant t, client c, authority https://login.example, \
         scope https://vault.azure.cn/.default, metadata http://localhost:1",
    ),
    (
        "kind: azure, tenant: t, client: c, from: { certificate: { file: /c.pem }, chain: true }",
        "azure from a certificate in file /c.pem, tenant t, client c",
    ),
    (
        "kind: azure, tenant: t, client: c, from: { workload: { file: /t } }",
        "azure from workload identity of file /t, tenant t, client c",
    ),
    ("kind: google", "google from application default credentials"),
    (
        "kind: google, from: metadata, metadata: 'http://localhost:1'",
        "google from the metadata service, metadata http://localhost:1",
    ),
    (
        "kind: google, from: { value: marker-value }, scope: s, impersonate: a@b.example, iam: https://iam.example, endpoints: [https://t.example]",
        "google from a value in the policy file, scope s, as a@b.example, endpoint https://t.example, iam https://iam.example",
    ),
];

fn network(credential: &str) -> String {
    format!("[{{ name: d, origin: https://a.example, allow: [GET /], credential: {{ {credential} }} }}]")
}

#[test]
fn a_credential_is_explained_without_its_values() {
    for (credential, expected) in ROWS {
        let policy = policy(&network(credential), None);
        let destination = policy.destinations().first().unwrap();
        let described = destination.credential().unwrap().describe();
        assert_eq!(described, *expected);
        for shown in [described, format!("{destination:?}"), destination.to_string()] {
            assert!(!shown.contains(MARKER), "{shown}");
        }
    }
}

#[test]
fn a_source_asks_whom_its_endpoint_names_and_nobody_else() {
    use SourceEndpoint::{Metadata, Named, Platform, Public};
    let origin = |text: &str| text.parse().unwrap();
    let request = decide(&policy(&network("kind: azure"), None), "GET", "https://a.example/", &[]).unwrap();
    let special = Some(Reason::NetAddrSpecial);
    let table = [
        (Named(origin("https://sts.example")), "10.1.2.3", None),
        (Named(origin("https://sts.example")), "127.0.0.1", special),
        (Named(origin("https://sts.example")), "169.254.169.254", special),
        (Public(origin("https://sts.example")), "10.1.2.3", Some(Reason::NetAddrPrivate)),
        (Metadata(MetadataService::AwsPodV6), "fd00:ec2::23", None),
        (Metadata(MetadataService::AwsPodV6), "fd00:ec2::254", special),
        (Metadata(MetadataService::Azure), "169.254.169.254", None),
        (Metadata(MetadataService::Azure), "169.254.169.253", special),
        (Platform(origin("http://localhost:42356")), "127.0.0.1", None),
        (Platform(origin("http://msi.internal")), "10.1.2.3", None),
        (Platform(origin("http://msi.internal")), "169.254.129.4", None),
        (Platform(origin("http://msi.internal")), "8.8.8.8", special),
        (Platform(origin("http://msi.internal")), "168.63.129.16", special),
        (Platform(origin("http://msi.internal")), "fe80::1", special),
    ];
    for (endpoint, answer, expected) in table {
        let answer: IpAddr = answer.parse().unwrap();
        let source = request.destination().decide_source(endpoint.clone()).unwrap();
        let found = source.decide_addresses(&[answer]).err().map(|denial| denial.reason());
        assert_eq!(found, expected, "{endpoint:?} at {answer}");
    }
    let literal = request.destination().decide_source(Platform(origin("http://8.8.8.8:81"))).unwrap_err();
    assert_eq!(literal.reason(), Reason::NetAddrSpecial);
}
