//! A server's side of AWS signatures, written from AWS's description and without their code.

use ring::{digest, hmac};

use crate::store::Received;

/// What a signature says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) key_id: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// Checks a signature with the key that belongs to its identifier. Paths and queries here are written in one way, and queries in order.
pub(crate) fn verify(
    received: &Received,
    secret_of: impl Fn(&str) -> Option<String>,
) -> Result<Signed, String> {
    let authorization = received.header("authorization").ok_or("not signed")?;
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("another algorithm")?;
    let field = |name: &str| {
        let found = fields.split(", ").find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
        found.ok_or(format!("no {name}"))
    };
    let (credential, names, signature) = (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
    let parts: Vec<&str> = credential.split('/').collect();
    let [key_id, day, region, service, "aws4_request"] = parts.as_slice() else { return Err("scope".into()) };
    let date = received.header("x-amz-date").ok_or("no date")?;
    // The clock of the host: 2024-01-15T12:00:00Z, moved by minutes at most.
    if *day != "20240115" || !date.starts_with("20240115T1") {
        return Err(format!("another day: {date}"));
    }
    let must: Vec<&str> = ["host", "x-amz-date", "content-type", "x-amz-target", "x-amz-security-token"]
        .into_iter()
        .filter(|name| received.header(name).is_some())
        .collect();
    let signed: Vec<&str> = names.split(';').collect();
    if let Some(missing) = must.iter().find(|name| !signed.contains(name)) {
        return Err(format!("{missing} is not signed"));
    }
    let headers: String =
        signed.iter().map(|name| format!("{name}:{}\n", received.header(name).unwrap_or_default())).collect();
    let (path, query) = received.target.split_once('?').unwrap_or((&received.target, ""));
    let body = hex(digest::digest(&digest::SHA256, &received.body).as_ref());
    let canonical = format!("{}\n{path}\n{query}\n{headers}\n{names}\n{body}", received.method);
    let hashed = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{day}/{region}/{service}/aws4_request\n{hashed}");
    let secret = secret_of(key_id).ok_or(format!("an unknown key: {key_id}"))?;
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in [day, region, service, &"aws4_request"] {
        key = mac(&key, part);
    }
    if hex(&mac(&key, &text)) != signature {
        return Err("the signature does not match".to_owned());
    }
    let owned = |text: &&str| (*text).to_owned();
    Ok(Signed { key_id: owned(key_id), region: owned(region), service: owned(service) })
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The third vector of the reference, as it would arrive: what verifies is itself verified.
#[test]
fn the_verifier_knows_a_signature_of_another_implementation() {
    let signature = "5096d1ad51b359c8fba43b13ce5a4aee1156c72d4d4684f9e3a7593c2302b4a0";
    let received = |signature: &str| Received {
        method: "POST".to_owned(),
        target: "/".to_owned(),
        headers: [
            ("host", "sts.us-east-1.amazonaws.com"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("x-amz-date", "20240115T120000Z"),
            (
                "authorization",
                &format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240115/us-east-1/sts/aws4_request, \
                     SignedHeaders=content-type;host;x-amz-date, Signature={signature}"
                ),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: b"Action=GetCallerIdentity&Version=2011-06-15".to_vec(),
    };
    let secret = |_: &str| Some("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned());
    let signed = verify(&received(signature), secret).unwrap();
    assert_eq!(
        (signed.key_id.as_str(), signed.region.as_str(), signed.service.as_str()),
        ("AKIDEXAMPLE", "us-east-1", "sts")
    );
    assert!(verify(&received(&signature.replace('5', "6")), secret).is_err());
}
