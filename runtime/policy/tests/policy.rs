//! Decisions of compiled policies, with and without a ceiling.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;

use portcullis_policy::{
    Bytes, Ceiling, Digest, FileAccess, FileOperation, Grants, LimitOrigin, Link, LintCode, Mount, Policy,
    PolicyError, PortcullisFile, Profile, ProviderName, Reason,
};
use secrecy::ExposeSecret;

/// The policy of provider `p` with these lines, under this ceiling.
fn compile(lines: &str, ceiling: Option<&str>) -> Result<Policy, PolicyError> {
    let text = format!("version: 1\nproviders:\n  p: {{ component: x.wasm, {lines} }}\n");
    let mut file = PortcullisFile::parse("p.yaml", &text).unwrap();
    let provider = file.providers.remove("p").unwrap();
    let ceiling = ceiling.map(|text| Ceiling::parse("c.yaml", text).unwrap());
    Policy::compile(provider.name, Profile::Custom, provider.grants, ceiling.as_ref())
}

fn policy(lines: &str) -> Policy {
    compile(lines, None).unwrap()
}

const NETWORK: &str = "network: [{ name: d, origin: https://a.example, allow: [GET /a/**] }]";

#[test]
fn imports_are_linked_by_the_state_of_their_section() {
    let table: [(&str, &str, Result<Link, &str>); 13] = [
        ("", "wasi:clocks/wall-clock@0.2.0", Ok(Link::Open)),
        ("", "wasi:config/store@0.2.0-rc.1", Ok(Link::Open)),
        ("", "portcullis:secrets/types@0.1.0", Ok(Link::Open)),
        ("", "wasi:filesystem/types@0.2.12", Err("add `filesystem: []` below providers.p")),
        ("filesystem: []", "wasi:filesystem/preopens@0.2.0", Ok(Link::Denying)),
        ("filesystem: [{ host: /a }]", "wasi:filesystem/types@0.2.3", Ok(Link::Granted)),
        ("", "wasi:sockets/tcp@0.2.0", Err("add `sockets: none` below providers.p")),
        ("sockets: none", "wasi:sockets/tcp@0.2.0", Ok(Link::Denying)),
        ("", "wasi:http/types@0.2.0", Err("add `network: []` below providers.p")),
        ("network: []", "wasi:http/types@0.2.0", Ok(Link::Denying)),
        (NETWORK, "wasi:http/types@0.2.0", Ok(Link::Granted)),
        ("filesystem: []", "wasi:filesystem/types@0.3.0", Err("no policy can link it")),
        ("filesystem: []", "wasi:nn/graph@0.2.0", Err("no policy can link it")),
    ];
    for (lines, interface, expected) in table {
        match (policy(lines).decide_import(interface), expected) {
            (Ok(link), Ok(expected)) => assert_eq!(link, expected, "{interface}"),
            (Err(denial), Err(part)) => {
                assert_eq!(denial.reason(), Reason::LinkUnlinkedImport);
                assert!(denial.message().contains(part) && denial.message().contains(interface), "{denial}");
            }
            (found, expected) => panic!("{lines} {interface}: {found:?}, expected {expected:?}"),
        }
    }
}

#[test]
fn a_component_must_have_the_digest_that_the_policy_names() {
    let digest = Digest::of(b"component");
    let pinned = policy(&format!("digest: '{digest}'"));
    let verified = pinned.decide_component(b"component".to_vec()).unwrap();
    assert_eq!((verified.bytes(), verified.digest()), (&b"component"[..], &digest));
    let denial = pinned.decide_component(b"Component".to_vec()).unwrap_err();
    assert_eq!(denial.reason(), Reason::IntegrityDigest);
    assert!(denial.message().contains(&digest.to_string()));
    assert!(denial.message().contains(&Digest::of(b"Component").to_string()));
    assert_eq!(policy("").decide_component(b"any".to_vec()).unwrap().digest(), &Digest::of(b"any"));
    // The same decision for code that was compiled earlier.
    assert_eq!(pinned.decide_digest(digest).unwrap().get(), &digest);
    assert_eq!(pinned.decide_digest(Digest::of(b"Component")).unwrap_err(), denial);
}

#[test]
fn a_digest_is_the_same_read_in_steps() {
    for length in [0, 1, (16 << 10) - 1, 16 << 10, (16 << 10) + 1, 100_000] {
        let bytes: Vec<u8> = (0..length).map(|index: u32| index.to_le_bytes()[0]).collect();
        assert_eq!(Digest::of_reader(bytes.as_slice()).unwrap(), Digest::of(&bytes), "{length}");
    }
}

#[test]
fn read_only_mounts_refuse_every_change() {
    let policy = policy("filesystem: [{ host: /a }, { host: /b, access: write }]");
    let mounts = policy.decide_mounts();
    for operation in FileOperation::ALL {
        assert!(mounts[1].decide(*operation).is_ok());
        match mounts[0].decide(*operation) {
            Ok(authorized) => assert_eq!(authorized.operation(), *operation),
            Err(denial) => assert_eq!(denial.reason(), Reason::FsReadonly),
        }
        assert_eq!(mounts[0].decide(*operation).is_err(), operation.changes(), "{operation:?}");
    }
    let reading =
        [FileOperation::Stat, FileOperation::List, FileOperation::ReadFile, FileOperation::ReadLink];
    assert!(FileOperation::ALL.iter().all(|operation| operation.changes() != reading.contains(operation)));
}

#[test]
fn only_named_variables_are_looked_up() {
    let policy = policy("environment: { A: text, B: { from: HOST_B }, C: { from: HOST_C } }");
    let asked = std::cell::RefCell::new(Vec::new());
    let environment = policy.decide_environment(|name| {
        asked.borrow_mut().push(name.to_owned());
        (name == "HOST_B").then(|| "value".to_owned())
    });
    let pairs: Vec<_> = environment.pairs().map(|(name, value)| (name, value.expose_secret())).collect();
    assert_eq!(pairs, [("A", "text"), ("B", "value")]);
    assert_eq!(environment.unset(), ["C"]);
    assert_eq!(*asked.borrow(), ["HOST_B", "HOST_C"]);
}

#[test]
fn the_ceiling_narrows_and_says_so() {
    let lines = "filesystem: [{ host: /etc/a, access: write }, { host: /srv }, { host: /home }], \
                 environment: { KEEP: x, DROP: y, HOST: { from: SECRET } }, limits: { wall: 9s }";
    let ceiling = "filesystem: [{ host: /etc }, { host: /srv/b }]\nenvironment: [KEEP, HOST]\nlimits: { wall: 5s, cpu: 5s }\n";
    let policy = compile(lines, Some(ceiling)).unwrap();
    let mounts: Vec<_> = policy.decide_mounts();
    let shown: Vec<_> = mounts.iter().map(|mount| (mount.host(), mount.guest(), mount.access())).collect();
    assert_eq!(
        shown,
        [
            (Path::new("/etc/a"), "/etc/a", FileAccess::Read),
            (Path::new("/srv/b"), "/srv/b", FileAccess::Read)
        ]
    );
    let environment = policy.decide_environment(|name| Some(name.to_owned()));
    assert_eq!(environment.pairs().map(|(name, _)| name).collect::<Vec<_>>(), ["KEEP"]);
    assert_eq!(
        (policy.limits().wall.value().as_secs(), policy.limits().wall.origin()),
        (5, LimitOrigin::Ceiling)
    );
    assert_eq!(
        (policy.limits().cpu.value().as_secs(), policy.limits().cpu.origin()),
        (1, LimitOrigin::Default)
    );
    assert_eq!(
        policy.explain().narrowed,
        ["write \"/etc/a\"", "read \"/srv\"", "read \"/home\"", "environment DROP", "environment HOST"]
    );
}

#[test]
fn an_empty_ceiling_section_forbids_and_an_absent_one_does_not() {
    let lines = format!("filesystem: [{{ host: /a }}], {NETWORK}");
    for (ceiling, filesystem, network) in [
        ("{}", "granted", "granted"),
        ("filesystem: []", "empty", "granted"),
        ("network: []", "granted", "empty"),
        ("network: [{ name: c, origin: 'https://*.b.example', allow: [GET /**] }]", "granted", "empty"),
        ("network: [{ name: c, origin: https://a.example, allow: [POST /**] }]", "granted", "empty"),
        ("network: [{ name: c, origin: https://a.example, allow: [GET /a/b] }]", "granted", "granted"),
    ] {
        let sections = compile(&lines, Some(ceiling)).unwrap().explain().sections;
        assert_eq!((sections[0].state, sections[1].state), (filesystem, network), "{ceiling}");
    }
    // What a provider does not ask for is not linked because a ceiling would allow it.
    let absent = compile("", Some("filesystem: [{ host: /a }]")).unwrap();
    assert!(absent.decide_import("wasi:filesystem/types@0.2.0").is_err());
}

#[test]
fn a_narrowed_destination_allows_what_both_sides_allow() {
    let lines = "network: [{ name: d, origin: https://a.example, private: [10.0.0.0/8], allow: [GET /a/**, PUT /a/b], \
                 query: [v, w], headers: [x-a, x-b] }]";
    let ceiling = "network: [{ name: c, origin: https://a.example, private: [10.1.0.0/16], allow: [GET /a/b/**, GET /c], \
                   query: [v], headers: [x-b], tls: { min: '1.3' } }]";
    let network = &compile(lines, Some(ceiling)).unwrap().explain().sections[1];
    assert_eq!(
        network.grants,
        [
            "d: https://a.example, allow [GET /a/b/**], query [v], headers [x-b], private [10.1.0.0/16], TLS 1.3 only"
        ]
    );
}

#[test]
fn a_required_digest_binds_custom_components() {
    let ceiling = Ceiling::parse("c.yaml", "digest: required").unwrap();
    let error = compile("", Some("digest: required")).unwrap_err();
    assert!(error.to_string().contains("providers.p.digest is missing"), "{error}");
    let name = ProviderName::new("files").unwrap();
    assert!(Policy::compile(name, Profile::BuiltinFile, Grants::default(), Some(&ceiling)).is_ok());
}

#[test]
fn the_identity_follows_authority_and_nothing_else() {
    let base = policy("filesystem: [{ host: /a }, { host: /b }]");
    let same = [
        policy("filesystem: [{ host: /b }, { host: /a }]"),
        policy("filesystem: [{ host: /a }, { host: /b }], limits: { wall: 10s }"),
        compile(
            "filesystem: [{ host: /a }, { host: /b }, { host: /c }]",
            Some("filesystem: [{ host: /a }, { host: /b }]"),
        )
        .unwrap(),
    ];
    for other in same {
        assert_eq!(base.id(), other.id(), "{}", other.explain());
    }
    let different = [
        policy("filesystem: [{ host: /a }]"),
        policy("filesystem: [{ host: /a }, { host: /b, access: write }]"),
        policy("filesystem: [{ host: /a }, { host: /b, guest: /c }]"),
        policy("filesystem: [{ host: /a }, { host: /b }], limits: { wall: 9s }"),
        policy("filesystem: [{ host: /a }, { host: /b }], environment: { A: b }"),
        policy("filesystem: [{ host: /a }, { host: /b }], sockets: none"),
    ];
    for other in different {
        assert_ne!(base.id(), other.id(), "{}", other.explain());
    }
    assert_eq!(base.id().to_string().len(), 16);
}

#[test]
fn lints_tell_what_is_rarely_meant() {
    use LintCode::{CredentialAnyPath, DeadRule, NoDigest, PlainHttp, SharedWildcard, Wildcard, WriteMount};
    let digest = format!("digest: '{}'", Digest::of(b""));
    let table: [(String, &[LintCode]); 11] = [
        ("".into(), &[NoDigest]),
        (digest.clone(), &[]),
        (format!("{digest}, filesystem: [{{ host: /a, access: write }}]"), &[WriteMount]),
        (
            format!("{digest}, network: [{{ name: d, origin: http://a.example, allow: [GET /a] }}]"),
            &[PlainHttp],
        ),
        (format!("{digest}, network: [{{ name: d, origin: http://127.0.0.1, allow: [GET /a] }}]"), &[]),
        (
            format!("{digest}, network: [{{ name: d, origin: 'https://*.corp.example', allow: [GET /a] }}]"),
            &[Wildcard],
        ),
        (
            format!(
                "{digest}, network: [{{ name: d, origin: 'https://*.s3.amazonaws.com', allow: [GET /a] }}]"
            ),
            &[SharedWildcard],
        ),
        (
            format!(
                "{digest}, network: [{{ name: d, origin: 'https://*.notamazonaws.com', allow: [GET /a] }}]"
            ),
            &[Wildcard],
        ),
        (
            format!(
                "{digest}, network: [{{ name: d, origin: https://a.example, allow: [GET /**], credential: {{ kind: aws, service: ssm }} }}]"
            ),
            &[CredentialAnyPath],
        ),
        (
            format!(
                "{digest}, network: [{{ name: d, origin: https://a.example, allow: [GET /**], credential: \
                 {{ kind: kubernetes, paths: [GET /api/**] }} }}]"
            ),
            &[],
        ),
        (
            format!(
                "{digest}, network: [{{ name: d, origin: https://a.example, credential: {{ kind: vault, from: {{ env: T }} }}, \
                 allow: [GET /v1/kv/*, POST /v1/auth/*/login, GET /v1/auth/**, GET /v1/auth/token/lookup-self] }}]"
            ),
            &[DeadRule, DeadRule],
        ),
    ];
    for (lines, expected) in table {
        let found: Vec<_> = policy(&lines).lints().into_iter().map(|lint| lint.code).collect();
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn derived_grants_link_the_filesystem_in_every_case() {
    let name = || ProviderName::new("files").unwrap();
    let mount = Mount::new("/etc/secrets.json", "/etc/secrets.json", FileAccess::Read).unwrap();
    let grants = Grants::derived_files(vec![mount], vec!["file_path: /etc/secrets.json".into()]);
    let policy = Policy::compile(name(), Profile::BuiltinFile, grants, None).unwrap();
    assert_eq!(policy.decide_import("wasi:filesystem/types@0.2.0").unwrap(), Link::Granted);
    assert!(policy.lints().is_empty());
    let nothing =
        Policy::compile(name(), Profile::BuiltinFile, Grants::derived_files(vec![], vec![]), None).unwrap();
    assert_eq!(nothing.decide_import("wasi:filesystem/types@0.2.0").unwrap(), Link::Denying);
    assert!(nothing.decide_mounts().is_empty());
}

#[test]
fn explain_shows_every_section_and_limit() {
    let mut grants = Grants::derived_files(
        vec![Mount::new("/etc/s.json", "/etc/s.json", FileAccess::Read).unwrap()],
        vec!["filesystem from secret_backend_config.file_path".into()],
    );
    grants
        .limits
        .set_file_bytes(Bytes::mib(20), LimitOrigin::Setting("secret_backend_config.max_file_read_size"));
    let name = ProviderName::new("files").unwrap();
    let policy = Policy::compile(name, Profile::BuiltinFile, grants, None).unwrap();
    let shown = policy.explain().to_string();
    for part in [
        &format!("provider files  policy {}\n", policy.id()),
        "  filesystem   granted:\n    read \"/etc/s.json\"\n",
        "  network      absent: not linked\n",
        "  environment  empty\n",
        "    wall        30s       default ",
        "    memory      160MiB    follows file_bytes ",
        "    file_bytes  20MiB     setting secret_backend_config.max_file_read_size ",
        "  derived from\n    filesystem from secret_backend_config.file_path\n",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let json = serde_json::to_value(policy.explain()).unwrap();
    assert_eq!(json["limits"].as_array().unwrap().len(), 14);
    assert_eq!(json["sections"][0]["state"], "granted");
}
