//! Azure: every identity, what it proves, and what is refused.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::form::{form, query};
use crate::host::Host;
use crate::jwt::{CERTIFICATE, EC_CERTIFICATE, EC_KEY, ENCRYPTED_KEY, KEY, PKCS1_KEY, verify};
use crate::store::{Full, Received, Store};
use crate::{NOW, SECRET, bearer, host, only, provider};

const TOKEN: &str = "token-of-the-directory";
const KEY_FILE: &str = "/var/opt/azcmagent/tokens/challenge.key";

/// The directory, and every platform that gives identities.
fn issuer() -> Store {
    Store::start_full(answer)
}

fn token(more: &str) -> Full {
    (200, Vec::new(), format!(r#"{{"token_type":"Bearer","access_token":"{TOKEN}"{more}}}"#))
}

fn refuse(code: u32) -> Full {
    let body = format!(
        r#"{{"error":"invalid_client","error_description":"AADSTS{code}: {SECRET}","error_codes":[{code}],"trace_id":"{SECRET}"}}"#
    );
    (401, Vec::new(), body)
}

fn answer(received: &Received) -> Full {
    let (path, _) = received.target.split_once('?').unwrap_or((&received.target, ""));
    let query = query(received);
    let is_for_vaults = query.get("resource").is_some_and(|resource| resource == "https://vault.azure.net");
    let version = query.get("api-version").map(String::as_str);
    match (received.method.as_str(), path) {
        ("POST", "/tenant-1/oauth2/v2.0/token") => directory(received),
        ("GET", "/msi/token") if is_for_vaults && version == Some("2019-08-01") => {
            if received.header("x-identity-header") != Some(SECRET) {
                return refuse(1);
            }
            // Both forms of the time, as text.
            token(&format!(r#","expires_on":"{}","resource":"x""#, NOW + 3600))
        }
        ("GET", "/ml/token") if is_for_vaults && version == Some("2017-09-01") => {
            if received.header("secret") != Some(SECRET) {
                return refuse(1);
            }
            token(&format!(r#","expires_on":{}"#, NOW + 3600))
        }
        ("POST", "/shell/token") if received.header("metadata") == Some("true") => {
            assert_eq!(form(received)["resource"], "https://vault.azure.net");
            token(r#","expires_in":"3600""#)
        }
        ("GET", "/arc/token") if is_for_vaults && version == Some("2020-06-01") => {
            match received.header("authorization") {
                None => (401, vec![("www-authenticate", format!("Basic realm={KEY_FILE}"))], String::new()),
                Some("Basic key-of-the-agent") => token(r#","expires_in":"3600""#),
                Some(_) => refuse(2),
            }
        }
        ("GET", "/bad-arc/token") => {
            (401, vec![("www-authenticate", "Basic realm=/etc/shadow.key".to_owned())], String::new())
        }
        ("GET", "/metadata/identity/oauth2/token")
            if is_for_vaults
                && version == Some("2018-02-01")
                && received.header("metadata") == Some("true") =>
        {
            token(r#","expires_in":"3599","client_id":"x""#)
        }
        _ => (404, Vec::new(), r#"{"error":"not_found"}"#.to_owned()),
    }
}

/// The token endpoint of one tenant with one application.
fn directory(received: &Received) -> Full {
    let form = form(received);
    let is = |name: &str, value: &str| form.get(name).is_some_and(|found| found == value);
    if !is("grant_type", "client_credentials")
        || !is("client_id", "app-1")
        || !is("scope", "https://vault.azure.net/.default")
    {
        return (400, Vec::new(), r#"{"error":"invalid_request"}"#.to_owned());
    }
    if let Some(secret) = form.get("client_secret") {
        return if secret == "secret-of-app" { token(r#","expires_in":3600"#) } else { refuse(7_000_215) };
    }
    if !is("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
        return refuse(900_144);
    }
    if is("client_assertion", "federated-token-1") {
        return token(r#","expires_in":3600"#);
    }
    let Some((header, claims)) = verify(&form["client_assertion"], "PS256") else { return refuse(700_027) };
    let der = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap();
    let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &der));
    let audience = format!("http://{}{}", received.header("host").unwrap(), received.target);
    let chain = header.get("x5c").map(|chain| chain[0].as_str().unwrap() == STANDARD.encode(&der));
    let fits = header["x5t#S256"] == thumbprint.as_str()
        && chain.is_none_or(|chain| chain)
        && claims["aud"] == audience.as_str()
        && claims["iss"] == "app-1"
        && claims["sub"] == "app-1"
        && claims["jti"].as_str().is_some_and(|id| id.len() >= 16)
        && claims["nbf"] == NOW
        && claims["exp"] == NOW + 600;
    if fits { token(r#","expires_in":3600"#) } else { refuse(50_027) }
}

const ID: [(&str, &str); 2] = [("AZURE_TENANT_ID", "tenant-1"), ("AZURE_CLIENT_ID", "app-1")];
const CLIENT_SECRET: (&str, &str) = ("AZURE_CLIENT_SECRET", "secret-of-app");
const FEDERATED: (&str, &str) = ("AZURE_FEDERATED_TOKEN_FILE", "/azure/federated");
const GIVEN: &str = "tenant: tenant-1, client: app-1, authority: '{stub}'";

/// Credential (`{stub}` is the origin of directory and platforms), variables, what was asked.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

const DIRECTORY: &[&str] = &["POST /tenant-1/oauth2/v2.0/token"];

const ROWS: &[Row] = &[
    ("{given}, from: { secret: { env: S } }", &[("S", "secret-of-app")], DIRECTORY),
    ("{given}, from: { secret: { file: /azure/secret } }", &[], DIRECTORY),
    ("{given}, from: { certificate: { file: /azure/certificate } }", &[], DIRECTORY),
    ("{given}, from: { certificate: { file: /azure/certificate }, chain: true }", &[], DIRECTORY),
    ("{given}, from: { certificate: { file: /azure/pkcs1 } }", &[], DIRECTORY),
    ("{given}, from: { workload: { file: /azure/federated } }", &[], DIRECTORY),
    // As variables say.
    ("authority: '{stub}', from: environment", &[ID[0], ID[1], CLIENT_SECRET], DIRECTORY),
    (
        "authority: '{stub}', from: environment",
        &[ID[0], ID[1], ("AZURE_CLIENT_CERTIFICATE_PATH", "/azure/certificate")],
        DIRECTORY,
    ),
    ("authority: '{stub}', from: workload", &[ID[0], ID[1], FEDERATED], DIRECTORY),
    ("authority: '{stub}'", &[ID[0], ID[1], CLIENT_SECRET, FEDERATED], DIRECTORY),
    ("authority: '{stub}'", &[ID[0], ID[1], FEDERATED], DIRECTORY),
    (
        "authority: '{stub}', metadata: '{stub}'",
        &[ID[0], ID[1], FEDERATED, ("AZURE_TOKEN_CREDENTIALS", "WorkloadIdentityCredential")],
        DIRECTORY,
    ),
    // Platforms.
    (
        "from: managed",
        &[("IDENTITY_ENDPOINT", "{stub}/msi/token"), ("IDENTITY_HEADER", SECRET)],
        &["GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net"],
    ),
    (
        "from: managed, client: app-1",
        &[("IDENTITY_ENDPOINT", "{stub}/msi/token"), ("IDENTITY_HEADER", SECRET)],
        &["GET /msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net&client_id=app-1"],
    ),
    (
        "from: managed",
        &[
            ("MSI_ENDPOINT", "{stub}/ml/token"),
            ("MSI_SECRET", SECRET),
            ("DEFAULT_IDENTITY_CLIENT_ID", "app-2"),
        ],
        &["GET /ml/token?api-version=2017-09-01&resource=https%3A%2F%2Fvault.azure.net&clientid=app-2"],
    ),
    ("from: managed", &[("MSI_ENDPOINT", "{stub}/shell/token")], &["POST /shell/token"]),
    (
        "from: managed",
        &[("IDENTITY_ENDPOINT", "{stub}/arc/token")],
        &[
            "GET /arc/token?api-version=2020-06-01&resource=https%3A%2F%2Fvault.azure.net",
            "GET /arc/token?api-version=2020-06-01&resource=https%3A%2F%2Fvault.azure.net",
        ],
    ),
    (
        "from: managed, metadata: '{stub}'",
        &[],
        &[
            "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net",
        ],
    ),
    (
        "metadata: '{stub}'",
        &[ID[1]],
        &[
            "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net&client_id=app-1",
        ],
    ),
];

fn with_files(variables: &[(&str, &str)], stub: &Store) -> Arc<Host> {
    let variables: Vec<(&str, String)> =
        variables.iter().map(|(name, value)| (*name, value.replace("{stub}", &stub.origin()))).collect();
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let host = host(&variables);
    host.put("/azure/secret", "secret-of-app\n");
    // Another certificate stands before that of the key.
    host.put("/azure/certificate", &format!("{EC_CERTIFICATE}{CERTIFICATE}{KEY}"));
    host.put("/azure/pkcs1", &format!("{PKCS1_KEY}{CERTIFICATE}"));
    host.put("/azure/ec", &format!("{EC_KEY}{EC_CERTIFICATE}"));
    host.put("/azure/encrypted", &format!("{ENCRYPTED_KEY}{CERTIFICATE}"));
    host.put("/azure/other", &format!("{KEY}{EC_CERTIFICATE}"));
    host.put("/azure/key", KEY);
    host.put("/azure/federated", "federated-token-1\n");
    host.put("/azure/wrong", SECRET);
    host.put(KEY_FILE, "key-of-the-agent");
    host
}

fn credential(text: &str, stub: &Store) -> String {
    format!("kind: azure, {}", text.replace("{given}", GIVEN).replace("{stub}", &stub.origin()))
}

#[tokio::test]
async fn a_request_bears_the_token_of_its_identity() {
    for (text, variables, asked) in ROWS {
        let stub = issuer();
        let host = with_files(variables, &stub);
        let (provider, store) = provider(&host, &credential(text, &stub));
        let (status, read) =
            provider.get("/secrets/a").await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((status, bearer(&store).as_str()), (200, TOKEN), "{text}");
        assert!(!read.contains(TOKEN), "{read}");
        provider.get("/secrets/b").await.unwrap();
        assert_eq!(stub.lines(), *asked, "{text}");
    }
}

/// Credential, variables, a part of the error.
const REFUSALS: &[crate::Case] = &[
    (
        "{given}, from: { secret: { file: /azure/wrong } }",
        &[],
        "azure: the directory answered with status 401 (invalid_client, AADSTS7000215)",
    ),
    ("{given}, from: { workload: { file: /azure/wrong } }", &[], "status 401 (invalid_client, AADSTS700027)"),
    ("{given}, from: { secret: { file: /azure/none } }", &[], "/azure/none: "),
    ("{given}, from: { certificate: { file: /azure/ec } }", &[], "the private key is none of RSA"),
    (
        "{given}, from: { certificate: { file: /azure/encrypted } }",
        &[],
        "the private key is encrypted: write it without a password",
    ),
    (
        "{given}, from: { certificate: { file: /azure/other } }",
        &[],
        "the private key is that of no certificate in the text",
    ),
    (
        "{given}, from: { certificate: { file: /azure/key } }",
        &[],
        "no certificate: expected certificate and key",
    ),
    (
        "{given}, from: { certificate: { file: /azure/wrong } }",
        &[],
        "no private key: expected `-----BEGIN PRIVATE KEY-----`",
    ),
    ("from: environment", &ID, "neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set"),
    ("from: environment", &[ID[1], CLIENT_SECRET], "the variable AZURE_TENANT_ID is not set"),
    ("from: workload", &ID, "the variable AZURE_FEDERATED_TOKEN_FILE is not set"),
    (
        "from: environment",
        &[("AZURE_TENANT_ID", "a/b?c"), ID[1], CLIENT_SECRET],
        "AZURE_TENANT_ID is no identifier and no domain",
    ),
    (
        "from: environment",
        &[ID[0], ID[1], CLIENT_SECRET, ("AZURE_AUTHORITY_HOST", "https://login.evil.example")],
        "AZURE_AUTHORITY_HOST is none of https://login.microsoftonline.com",
    ),
    (
        "metadata: '{stub}'",
        &[("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential")],
        "AZURE_TOKEN_CREDENTIALS names an identity that a tool is started for: nothing is executed",
    ),
    (
        "metadata: '{stub}'",
        &[("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")],
        "AZURE_TOKEN_CREDENTIALS allows one identity, and its variables are not set",
    ),
    (
        "from: managed",
        &[("IDENTITY_ENDPOINT", "{stub}/msi/token"), ("IDENTITY_HEADER", "another")],
        "App Service answered with status 401 (invalid_client, AADSTS1)",
    ),
    (
        "from: managed",
        &[
            ("IDENTITY_ENDPOINT", "{stub}/x"),
            ("IDENTITY_HEADER", SECRET),
            ("IDENTITY_SERVER_THUMBPRINT", "x"),
        ],
        "identities of Service Fabric are not supported",
    ),
    (
        "from: managed, client: app-1",
        &[("MSI_ENDPOINT", "{stub}/shell/token")],
        "Cloud Shell has one identity, and a client is named",
    ),
    (
        "from: managed",
        &[("IDENTITY_ENDPOINT", "{stub}/bad-arc/token")],
        "Azure Arc asks for a file that is none of its keys",
    ),
    (
        "from: managed",
        &[("IDENTITY_ENDPOINT", "{stub}/none")],
        "Azure Arc answered with status 404, where it asks for a key",
    ),
    (
        "from: managed",
        &[("IDENTITY_ENDPOINT", "http://8.8.8.8/x"), ("IDENTITY_HEADER", SECRET)],
        "http://8.8.8.8 is at 8.8.8.8: a platform's own endpoint",
    ),
    (
        "from: managed",
        &[("MSI_ENDPOINT", "x"), ("MSI_SECRET", SECRET)],
        "IDENTITY_ENDPOINT or MSI_ENDPOINT is no URL",
    ),
];

#[tokio::test]
async fn what_cannot_be_got_is_said_without_values() {
    let secrets = [SECRET, "secret-of-app", "federated-token-1", "PRIVATE KEY-----M"];
    crate::refuses(REFUSALS, &secrets, issuer, with_files, credential).await;
}

#[tokio::test]
async fn a_secret_is_asked_with_once_and_never_shown() {
    let stub = issuer();
    let host = with_files(&[], &stub);
    let text = credential("{given}, from: { secret: { file: /azure/secret } }", &stub);
    let (provider, _store) = provider(&host, &text);
    let sent =
        provider.send("POST", "/secrets/a", &[], "token-of-the-directory secret-of-app").await.unwrap();
    assert!(!sent.1.contains("token-of") && !sent.1.contains("secret-of"), "{}", sent.1);
    let asked = only(&stub);
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(form(&asked)["client_secret"], "secret-of-app");
}
