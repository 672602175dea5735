//! Shared files of AWS: what is refused in them, and what happens when they change.

use std::fs;

use crate::aws_stub::{Aws, signed};
use crate::{host, provider};

/// A shared configuration, and a part of the error.
const ROWS: &[(&str, &str)] = &[
    (
        "[profile p]\ncredential_process = /bin/sh -c 'echo marker-secret-1'\n",
        "the profile `p` has `credential_process`: nothing is executed and nobody logs in to get a credential; give the profile \
         keys or a role, or name another source in `from`",
    ),
    (
        "[profile p]\nsso_session = corp\nsso_account_id = 1\n",
        "the profile `p` has `sso_account_id`: nothing is executed",
    ),
    (
        "[profile p]\nsso_start_url = https://x.example\n",
        "the profile `p` has `sso_start_url`: nothing is executed",
    ),
    ("[profile p]\nlogin_session = x\n", "the profile `p` has `login_session`: nothing is executed"),
    (
        "[profile p]\nrole_arn = arn:aws:iam::1:role/plain\nsource_profile = q\n[profile q]\ncredential_process = x\n",
        "the profile `q` has `credential_process`: nothing is executed",
    ),
    (
        "[profile p]\nrole_arn = a\nsource_profile = q\nmfa_serial = x\n",
        "the profile `p` has `mfa_serial`: nothing is executed",
    ),
    ("[profile q]\n", "there is no profile `p`"),
    ("[profile p]\nregion = x\n", "the profile `p` has no keys and no role"),
    ("[profile p]\naws_access_key_id = marker-secret-1\n", "the profile `p` has no keys and no role"),
    (
        "[profile p]\nrole_arn = a\n",
        "the profile `p` has a role: it needs one of `source_profile` and `credential_source`",
    ),
    ("[profile p]\nrole_arn = a\nsource_profile = q\n", "the profile `p` has a source that is no profile"),
    ("[profile p]\nrole_arn = a\nsource_profile = p\n", "the profile `p` is its own source, without keys"),
    (
        "[profile p]\nrole_arn = a\nsource_profile = q\n[profile q]\nrole_arn = a\nsource_profile = p\n",
        "the profile `p` leads in a circle",
    ),
    (
        "[profile p]\nrole_arn = a\ncredential_source = Shell\n",
        "has a `credential_source` that gives no keys",
    ),
];

#[tokio::test]
async fn a_profile_that_gives_no_keys_says_why() {
    for (config, expected) in ROWS {
        let stub = Aws::start();
        let host = host(&[]);
        host.put("/aws/config", config);
        host.put("/aws/credentials", "[other]\n");
        let credential = format!(
            "kind: aws, service: ssm, region: eu-west-1, sts: '{}', \
             from: {{ profile: p, config: /aws/config, credentials: /aws/credentials }}",
            stub.origin()
        );
        let (provider, _store) = provider(&host, &credential);
        let error = provider.get("/").await.unwrap_err().to_string();
        assert!(error.contains(expected), "{config}: {error}");
        assert!(!error.contains(crate::SECRET), "{error}");
    }
}

#[tokio::test]
async fn keys_that_change_are_used_from_the_next_request_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("credentials");
    let write = |id: &str, secret: &str| {
        let new = folder.path().join("new");
        fs::write(&new, format!("[default]\naws_access_key_id={id}\naws_secret_access_key={secret}\n"))
            .unwrap();
        fs::rename(new, &path).unwrap();
    };
    write("AKIASTATIC", "secret-of-static");
    let host = host(&[
        ("AWS_SHARED_CREDENTIALS_FILE", path.to_str().unwrap()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]);
    let (provider, store) = provider(&host, "kind: aws, service: ssm, region: eu-west-1");
    let mut keys = Vec::new();
    for round in 0..4 {
        match round {
            2 => write("AKIASTATIC2", "secret-of-static-2"),
            3 => {
                host.set("AWS_ACCESS_KEY_ID", "AKIAENV");
                host.set("AWS_SECRET_ACCESS_KEY", "secret-of-environment");
            }
            _ => {}
        }
        provider.get("/").await.unwrap();
        keys.push(signed(&store).0.key_id);
    }
    assert_eq!(keys, ["AKIASTATIC", "AKIASTATIC", "AKIASTATIC2", "AKIAENV"]);
}
