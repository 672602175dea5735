//! AWS: every source of keys, what is signed with them, and what is refused.

use crate::aws_stub::{Aws, signed};
use crate::store::Store;
use crate::{host, provider};

/// Credential (`{stub}` is the origin of the services), variables, key that signs, region that it signs for.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const REGION: (&str, &str) = ("AWS_REGION", "eu-west-1");
const ENV: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "AKIAENV"), ("AWS_SECRET_ACCESS_KEY", "secret-of-environment")];
const FILE: (&str, &str) = ("AWS_SHARED_CREDENTIALS_FILE", "/aws/credentials");
const CONFIG: (&str, &str) = ("AWS_CONFIG_FILE", "/aws/config");
const WEB: [(&str, &str); 2] =
    [("AWS_WEB_IDENTITY_TOKEN_FILE", "/aws/token"), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/web")];
const CONTAINER: [(&str, &str); 2] = [
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "{stub}/v1/credentials"),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "container-token-1"),
];

const ROWS: &[Row] = &[
    (
        "region: us-east-1, from: { keys: { id: { value: AKIASTATIC }, secret: { env: S } } }",
        &[("S", "secret-of-static")],
        "AKIASTATIC",
        "us-east-1",
    ),
    // The region is that of the credential, then of the variables, then of the profile, then of the instance.
    ("region: us-east-1, from: environment", &[ENV[0], ENV[1], REGION], "AKIAENV", "us-east-1"),
    ("from: environment", &[ENV[0], ENV[1], REGION], "AKIAENV", "eu-west-1"),
    ("from: environment", &[ENV[0], ENV[1], ("AWS_DEFAULT_REGION", "eu-west-2")], "AKIAENV", "eu-west-2"),
    ("from: profile", &[FILE, CONFIG], "AKIAPROFILE", "eu-central-1"),
    ("from: instance, metadata: '{stub}'", &[], "ASIAINSTANCE", "ap-south-1"),
    // The chain takes the first that is there.
    (
        "metadata: '{stub}', sts: '{stub}'",
        &[ENV[0], ENV[1], WEB[0], WEB[1], FILE, CONTAINER[0], CONTAINER[1], REGION],
        "AKIAENV",
        "eu-west-1",
    ),
    (
        "metadata: '{stub}', sts: '{stub}'",
        &[WEB[0], WEB[1], FILE, CONTAINER[0], CONTAINER[1], REGION],
        "ASIAWEB",
        "eu-west-1",
    ),
    ("metadata: '{stub}'", &[FILE, CONTAINER[0], CONTAINER[1], REGION], "AKIAPROFILE", "eu-west-1"),
    ("metadata: '{stub}'", &[CONTAINER[0], CONTAINER[1], REGION], "ASIACONTAINER", "eu-west-1"),
    ("metadata: '{stub}'", &[], "ASIAINSTANCE", "ap-south-1"),
    // A source alone.
    ("from: container", &[CONTAINER[0], CONTAINER[1], REGION], "ASIACONTAINER", "eu-west-1"),
    (
        "from: container",
        &[CONTAINER[0], ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/aws/container-token"), REGION],
        "ASIACONTAINER",
        "eu-west-1",
    ),
    ("from: web_identity, sts: '{stub}'", &[ENV[0], ENV[1], WEB[0], WEB[1], REGION], "ASIAWEB", "eu-west-1"),
    (
        "region: eu-west-1, sts: '{stub}', \
         from: { web_identity: { token: { file: /aws/token }, role: 'arn:aws:iam::1:role/web', session: ab } }",
        &[],
        "ASIAWEB",
        "eu-west-1",
    ),
    // Roles.
    (
        "region: eu-west-1, sts: '{stub}', from: environment, \
         role: { arn: 'arn:aws:iam::1:role/one', external_id: { env: X }, session: audit }",
        &[ENV[0], ENV[1], ("X", "external-1")],
        "ASIAROLE1",
        "eu-west-1",
    ),
    (
        "region: eu-west-1, sts: '{stub}', from: instance, metadata: '{stub}', role: { arn: 'arn:aws:iam::1:role/plain' }",
        &[],
        "ASIAROLE1",
        "eu-west-1",
    ),
    ("from: { profile: one }, sts: '{stub}'", &[CONFIG, FILE], "ASIAROLE1", "eu-west-3"),
    ("from: { profile: two }, sts: '{stub}', region: eu-west-1", &[CONFIG, FILE], "ASIAROLE2", "eu-west-1"),
    (
        "from: profile, sts: '{stub}', region: eu-west-1",
        &[CONFIG, FILE, ("AWS_PROFILE", "one")],
        "ASIAROLE1",
        "eu-west-1",
    ),
    ("from: { profile: web }, sts: '{stub}', region: eu-west-1", &[CONFIG, FILE], "ASIAWEB", "eu-west-1"),
    (
        "from: { profile: sourced-environment }, sts: '{stub}', region: eu-west-1",
        &[CONFIG, ENV[0], ENV[1]],
        "ASIAROLE1",
        "eu-west-1",
    ),
    (
        "from: { profile: sourced-instance }, sts: '{stub}', metadata: '{stub}', region: eu-west-1",
        &[CONFIG],
        "ASIAROLE1",
        "eu-west-1",
    ),
    (
        "from: { profile: sourced-container }, sts: '{stub}', region: eu-west-1",
        &[CONFIG, CONTAINER[0], CONTAINER[1]],
        "ASIAROLE1",
        "eu-west-1",
    ),
    (
        "from: { profile: own, config: /aws/config, credentials: /aws/credentials }, sts: '{stub}', region: eu-west-1",
        &[],
        "ASIAROLE1",
        "eu-west-1",
    ),
];

pub(crate) const SHARED_CONFIG: &str = "[default]\nregion = eu-central-1\n\
    [profile one]\nrole_arn = arn:aws:iam::1:role/one\nsource_profile = default\nexternal_id = external-1\n\
    role_session_name = audit\nregion = eu-west-3\n\
    [profile two]\nrole_arn = arn:aws:iam::1:role/two\nsource_profile = one\n\
    [profile web]\nrole_arn = arn:aws:iam::1:role/web\nweb_identity_token_file = /aws/token\n\
    [profile sourced-environment]\nrole_arn = arn:aws:iam::1:role/plain\ncredential_source = Environment\n\
    [profile sourced-instance]\nrole_arn = arn:aws:iam::1:role/plain\ncredential_source = Ec2InstanceMetadata\n\
    [profile sourced-container]\nrole_arn = arn:aws:iam::1:role/plain\ncredential_source = EcsContainer\n\
    [profile own]\nrole_arn = arn:aws:iam::1:role/plain\nsource_profile = own\n";
pub(crate) const SHARED_CREDENTIALS: &str = "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret-of-profile\n\
    [own]\naws_access_key_id = AKIASTATIC\naws_secret_access_key = secret-of-static\n";

fn with_files(variables: &[(&str, &str)], stub: &Aws) -> std::sync::Arc<crate::host::Host> {
    let variables: Vec<(&str, String)> =
        variables.iter().map(|(name, value)| (*name, value.replace("{stub}", &stub.origin()))).collect();
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let host = host(&variables);
    host.put("/aws/config", SHARED_CONFIG);
    host.put("/aws/credentials", SHARED_CREDENTIALS);
    host.put("/aws/token", "web-token-1\n");
    host.put("/aws/container-token", "container-token-1");
    host
}

const HEADERS: [(&str, &str); 2] =
    [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "secretsmanager.GetSecretValue")];

#[tokio::test]
async fn a_request_is_signed_with_the_keys_of_its_source() {
    for (credential, variables, key, region) in ROWS {
        let stub = Aws::start();
        let host = with_files(variables, &stub);
        let credential =
            format!("kind: aws, service: secretsmanager, {}", credential.replace("{stub}", &stub.origin()));
        let (provider, store) = provider(&host, &credential);
        let sent = provider.send("POST", "/", &HEADERS, r#"{"SecretId":"key1"}"#).await;
        let (status, text) = sent.unwrap_or_else(|error| panic!("{credential}: {error}"));
        let (found, token) = signed(&store);
        assert_eq!(
            (status, found.key_id.as_str(), found.region.as_str()),
            (200, *key, *region),
            "{credential}"
        );
        assert_eq!(found.service, "secretsmanager");
        assert_eq!(token, key.starts_with("ASIA").then(|| format!("token-of-{key}")), "{credential}");
        // What the store repeats of it, the guest does not read.
        assert!(text.contains("secretsmanager.GetSecretValue"), "{text}");
        assert!(!text.contains("token-of-"), "{text}");
        let authorization = store.received()[0].header("authorization").unwrap().to_owned();
        let (_, signature) = authorization.split_once("Signature=").unwrap();
        assert!(!text.contains(signature), "{text}");
        // Once more: nobody is asked again.
        let asked = stub.issuer.received().len();
        provider.send("POST", "/", &HEADERS, r#"{"SecretId":"key2"}"#).await.unwrap();
        assert_eq!((signed(&store).0.key_id.as_str(), stub.issuer.received().len()), (*key, asked));
    }
}

/// Credential, variables, a part of the error.
const REFUSALS: &[crate::Case] = &[
    (
        "from: environment, region: a",
        &[],
        "aws: the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
    ),
    ("from: environment, region: a", &[ENV[0]], "the variable AWS_SECRET_ACCESS_KEY is not set"),
    ("from: environment", &ENV, "the region is not known: name it as `region` of the credential"),
    ("from: container, region: a", &[], "the variables AWS_CONTAINER_CREDENTIALS_… are not set"),
    (
        "from: container, region: a",
        &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://10.0.0.1/v1/credentials")],
        "AWS_CONTAINER_CREDENTIALS_FULL_URI leads elsewhere than to this machine",
    ),
    (
        "from: container, region: a",
        &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.169.254/latest/")],
        "AWS_CONTAINER_CREDENTIALS_FULL_URI leads elsewhere than to this machine",
    ),
    (
        "from: container, region: a",
        &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil.example/")],
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with `/`",
    ),
    (
        "from: container, region: a",
        &[CONTAINER[0], ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "another")],
        "the container's metadata service answered with status 403",
    ),
    (
        "from: web_identity, region: a-b-1, sts: '{stub}'",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/aws/other-token"), WEB[1]],
        "/aws/other-token: ",
    ),
    ("from: web_identity, region: a-b-1, sts: '{stub}'", &[WEB[0]], "the variable AWS_ROLE_ARN is not set"),
    (
        "from: web_identity, region: a-b-1, sts: '{stub}'",
        &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/aws/container-token"), WEB[1]],
        "sts AssumeRoleWithWebIdentity answered with status 403 (InvalidIdentityToken)",
    ),
    ("from: web_identity", &WEB, "the region of the token service is not known"),
    (
        "from: web_identity, region: a",
        &[WEB[0], WEB[1], ("AWS_ENDPOINT_URL_STS", "http://10.0.0.1")],
        "AWS_ENDPOINT_URL_STS is not followed: name the endpoint as `sts`",
    ),
    (
        "from: environment, region: a, sts: '{stub}', role: { arn: 'arn:aws:iam::1:role/other' }",
        &ENV,
        "sts AssumeRole answered with status 403 (AccessDenied)",
    ),
    (
        "from: environment, region: a, sts: '{stub}', role: { arn: 'arn:aws:iam::1:role/one' }",
        &[ENV[0], ("AWS_SECRET_ACCESS_KEY", "marker-secret-1")],
        "sts AssumeRole answered with status 403 (SignatureDoesNotMatch)",
    ),
    (
        "from: instance, region: a",
        &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://10.0.0.1")],
        "AWS_EC2_METADATA_SERVICE_ENDPOINT is not followed: name the endpoint as `metadata`",
    ),
    (
        "region: a",
        &[("AWS_EC2_METADATA_DISABLED", "true")],
        "no keys: neither variables nor web identity nor profile nor container, and AWS_EC2_METADATA_DISABLED is set",
    ),
];

#[tokio::test]
async fn what_cannot_be_got_is_said_without_values() {
    for (credential, variables, expected) in REFUSALS {
        let stub = Aws::start();
        let host = with_files(variables, &stub);
        let credential = format!("kind: aws, service: ssm, {}", credential.replace("{stub}", &stub.origin()));
        let (provider, store) = provider(&host, &credential);
        let error = provider.send("POST", "/", &HEADERS, "{}").await.unwrap_err().to_string();
        assert!(error.contains(expected), "{credential}: {error}");
        for secret in [crate::SECRET, "container-token-1", "web-token-1", "secret-of"] {
            assert!(!error.contains(secret), "{error}");
        }
        assert_eq!(store.received().len(), 0, "nothing is sent without a signature");
    }
}

#[tokio::test]
async fn the_body_is_signed_as_a_whole_and_only_within_the_limit() {
    let stub = Aws::start();
    let host = with_files(&ENV, &stub);
    let store = crate::echo();
    let keys = "allow: [POST /], limits: { request_bytes: 100KiB }, credential: { kind: aws, service: ssm, region: a, from: environment }";
    let provider = crate::Provider::new(&host, &store.origin(), keys);
    // Longer than what is kept of a body that is passed on as it comes.
    provider.send("POST", "/", &[], &"x".repeat(99 << 10)).await.unwrap();
    assert_eq!((signed(&store).0.key_id.as_str(), store.received()[0].body.len()), ("AKIAENV", 99 << 10));
    let error = provider.send("POST", "/", &[], &"x".repeat(101 << 10)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request's body is over 100KiB: raise `limits.request_bytes` of the destination if that is meant"
    );
}

/// Path with query as a guest asks for it, and as the signature must have it.
#[tokio::test]
async fn a_path_is_signed_as_it_is_sent() {
    let stub = Aws::start();
    let host = with_files(&ENV, &stub);
    let store = Store::start(|_| (200, String::new()));
    let keys = "allow: [GET /**], query: [a, b], credential: { kind: aws, service: ssm, region: a, from: environment }";
    let provider = crate::Provider::new(&host, &store.origin(), keys);
    for path in ["/", "/a", "/a/b-c_d.e~f", "/?a=1&b=2"] {
        provider.send("GET", path, &[], "").await.unwrap();
        assert_eq!(signed(&store).0.key_id, "AKIAENV", "{path}");
    }
}
