//! What cannot be read is named, and takes nothing else with it.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use portcullis_agent::configs::{ConfigError, MAX_FILE_BYTES, MAX_FILES, Sources};

use super::{Agent, CHECK};

#[test]
fn files_that_cannot_be_read() {
    let agent = Agent::new(&[("z.yaml", CHECK)]);
    let long = fs::File::create(agent.confd().join("long.yaml")).unwrap();
    long.set_len(MAX_FILE_BYTES + 1).unwrap();
    let pipe = agent.confd().join("pipe.yaml");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    std::os::unix::fs::symlink("nowhere", agent.confd().join("dangling.yaml")).unwrap();
    fs::write(agent.confd().join("binary.yaml"), b"instances: [\xff]\n").unwrap();
    fs::write(agent.confd().join(std::ffi::OsStr::from_bytes(b"\xff.yaml")), CHECK).unwrap();
    fs::write(agent.confd().join("bad.yaml"), "a: hunter2\nb: [hunter2\n").unwrap();
    let found = agent.read();
    let names: Vec<&str> = found.configs.iter().map(|config| config.name.as_str()).collect();
    assert_eq!(names, ["datadog.yaml", "z"]);
    let told: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 6, "{told:?}");
    for (name, problem) in [
        ("long.yaml", "is longer than 16777216 bytes"),
        ("pipe.yaml", "is not a regular file"),
        ("dangling.yaml", "cannot be read"),
        ("binary.yaml:1", "is not YAML: not UTF-8"),
        ("bad.yaml:", "is not YAML"),
        ("\u{fffd}.yaml", "is not UTF-8"),
    ] {
        assert!(told.iter().any(|text| text.contains(name) && text.contains(problem)), "{name}: {told:?}");
    }
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn folders_that_cannot_be_read() {
    let agent = Agent::new(&[]);
    let sources = Sources::new(&agent.path().join("none.yaml"), Some(&agent.path().join("none.d")));
    let found = sources.read();
    assert!(found.configs.is_empty());
    assert_eq!(found.errors.len(), 2);
    assert!(found.errors.iter().all(|error| matches!(error, ConfigError::Read { .. })), "{:?}", found.errors);
}

#[test]
fn files_beyond_the_cap_are_left_out_and_that_is_said() {
    let agent = Agent::new(&[]);
    for number in 0..=MAX_FILES {
        fs::write(agent.confd().join(format!("{number:06}.yaml")), CHECK).unwrap();
    }
    let found = agent.read();
    assert_eq!(found.configs.len(), 1 + MAX_FILES);
    assert!(matches!(&found.errors[..], [ConfigError::TooMany { .. }]), "{:?}", found.errors);
}
