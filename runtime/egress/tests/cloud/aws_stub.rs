//! The services of AWS that give keys, and a store that checks signatures.

use crate::form::form;
use crate::sigv4::{Signed, verify};
use crate::store::{Full, Received, Store};

/// Keys by their identifier.
const KEYS: [(&str, &str); 9] = [
    ("AKIASTATIC", "secret-of-static"),
    ("AKIASTATIC2", "secret-of-static-2"),
    ("AKIAENV", "secret-of-environment"),
    ("AKIAPROFILE", "secret-of-profile"),
    ("ASIAROLE1", "secret-of-role-1"),
    ("ASIAROLE2", "secret-of-role-2"),
    ("ASIAWEB", "secret-of-web-identity"),
    ("ASIACONTAINER", "secret-of-container"),
    ("ASIAINSTANCE", "secret-of-instance"),
];

pub(crate) fn secret_of(id: &str) -> Option<String> {
    KEYS.iter().find(|(known, _)| *known == id).map(|(_, secret)| (*secret).to_owned())
}

/// The services that give keys.
pub(crate) struct Aws {
    pub(crate) issuer: Store,
}

impl Aws {
    pub(crate) fn start() -> Self {
        Self { issuer: Store::start_full(answer) }
    }

    pub(crate) fn origin(&self) -> String {
        self.issuer.origin()
    }
}

fn answer(received: &Received) -> Full {
    let body = match received.line().as_str() {
        "POST /" => return sts(received),
        "PUT /latest/api/token" if received.header("x-aws-ec2-metadata-token-ttl-seconds") == Some("300") => {
            "session-1".to_owned()
        }
        line if line.starts_with("GET /latest/") => {
            if received.header("x-aws-ec2-metadata-token") != Some("session-1") {
                return (401, Vec::new(), String::new());
            }
            match received.target.as_str() {
                "/latest/meta-data/iam/security-credentials/" => "role-of-instance\n".to_owned(),
                "/latest/meta-data/iam/security-credentials/role-of-instance" => json("ASIAINSTANCE"),
                "/latest/meta-data/placement/region" => "ap-south-1".to_owned(),
                _ => return (404, Vec::new(), String::new()),
            }
        }
        "GET /v1/credentials" if received.header("authorization") == Some("container-token-1") => {
            json("ASIACONTAINER")
        }
        _ => return (403, Vec::new(), String::new()),
    };
    (200, Vec::new(), body)
}

fn json(id: &str) -> String {
    let secret = secret_of(id).unwrap();
    format!(
        r#"{{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"{id}","SecretAccessKey":"{secret}","Token":"token-of-{id}","Expiration":"2024-01-15T13:00:00Z"}}"#
    )
}

fn sts(received: &Received) -> Full {
    let form = form(received);
    let is = |name: &str, value: &str| form.get(name).is_some_and(|found| found == value);
    let refuse = |code: &str| {
        let body = format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>{}</Message></Error></ErrorResponse>",
            crate::SECRET
        );
        (403, Vec::new(), body)
    };
    let id = match form["Action"].as_str() {
        "AssumeRoleWithWebIdentity" if received.header("authorization").is_some() => {
            return refuse("InvalidAction");
        }
        "AssumeRoleWithWebIdentity"
            if is("WebIdentityToken", "web-token-1") && is("RoleArn", "arn:aws:iam::1:role/web") =>
        {
            "ASIAWEB"
        }
        "AssumeRoleWithWebIdentity" => return refuse("InvalidIdentityToken"),
        "AssumeRole" => {
            let signed = match verify(received, secret_of) {
                Ok(signed) if signed.service == "sts" => signed,
                _ => return refuse("SignatureDoesNotMatch"),
            };
            let token = received.header("x-amz-security-token").map(str::to_owned);
            if token != signed.key_id.starts_with("ASIA").then(|| format!("token-of-{}", signed.key_id)) {
                return refuse("InvalidClientTokenId");
            }
            match form["RoleArn"].as_str() {
                "arn:aws:iam::1:role/one"
                    if is("ExternalId", "external-1") && is("RoleSessionName", "audit") =>
                {
                    "ASIAROLE1"
                }
                // One that only the first role may take.
                "arn:aws:iam::1:role/two" if signed.key_id == "ASIAROLE1" => "ASIAROLE2",
                "arn:aws:iam::1:role/plain" => "ASIAROLE1",
                _ => return refuse("AccessDenied"),
            }
        }
        _ => return refuse("InvalidAction"),
    };
    let action = &form["Action"];
    let secret = secret_of(id).unwrap();
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><AssumedRoleUser>\
         <AssumedRoleId>x:y</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>{id}</AccessKeyId>\
         <SecretAccessKey>{secret}</SecretAccessKey><SessionToken>token-of-{id}</SessionToken>\
         <Expiration>2024-01-15T12:15:00Z</Expiration></Credentials></{action}Result></{action}Response>"
    );
    (200, Vec::new(), body)
}

/// The signature of the last request to a store, with its session token.
pub(crate) fn signed(store: &Store) -> (Signed, Option<String>) {
    let received = store.received();
    let last = received.last().unwrap();
    let signed = verify(last, secret_of).unwrap_or_else(|problem| panic!("{problem}: {last:?}"));
    (signed, last.header("x-amz-security-token").map(str::to_owned))
}
