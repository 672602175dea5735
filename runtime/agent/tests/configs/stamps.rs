//! What a stamp sees.

use std::fs;
use std::os::unix::fs::symlink;

use super::{Agent, CHECK};

#[test]
fn a_stamp_changes_with_what_is_read_and_with_nothing_else() {
    type Change = fn(&Agent);
    let changes: [(&str, Change, bool); 11] = [
        ("nothing", |_| (), false),
        ("a file of no interest", |agent| agent.write("conf.d/readme.md", "x"), false),
        ("an empty folder", |agent| fs::create_dir(agent.confd().join("x.d")).unwrap(), false),
        ("the agent's file", |agent| agent.write("datadog.yaml", "a: b\n"), true),
        ("a text of another length", |agent| agent.write("conf.d/a.yaml", LONGER), true),
        ("a new file", |agent| agent.write("conf.d/b.yaml", CHECK), true),
        ("a new file in a folder", |agent| agent.write("conf.d/c.d/new.yaml", CHECK), true),
        ("a file that is gone", |agent| fs::remove_file(agent.confd().join("a.yaml")).unwrap(), true),
        (
            "another name",
            |agent| {
                fs::rename(agent.confd().join("a.yaml"), agent.confd().join("a.yml")).unwrap();
            },
            true,
        ),
        (
            "the same text in another file",
            |agent| {
                agent.write("new", CHECK);
                fs::rename(agent.path().join("new"), agent.confd().join("a.yaml")).unwrap();
            },
            true,
        ),
        ("a folder that is gone", |agent| fs::remove_dir_all(agent.confd()).unwrap(), true),
    ];
    for (what, change, seen) in changes {
        let agent = Agent::new(&[("a.yaml", CHECK), ("c.d/conf.yaml", CHECK)]);
        let before = agent.sources().stamp();
        assert_eq!(before, agent.sources().stamp(), "{what}");
        change(&agent);
        assert_eq!(before != agent.sources().stamp(), seen, "{what}");
    }
}

const LONGER: &str = "instances:\n  - host: longer\n";

#[test]
fn kubelets_swap_is_seen() {
    let agent = Agent::new(&[]);
    let volume = agent.confd().join("redisdb.d");
    for (version, text) in [("..1", CHECK), ("..2", CHECK)] {
        agent.write(&format!("conf.d/redisdb.d/{version}/conf.yaml"), text);
    }
    symlink("..1", volume.join("..data")).unwrap();
    symlink("..data/conf.yaml", volume.join("conf.yaml")).unwrap();
    let before = agent.sources().stamp();
    assert_eq!(agent.read().configs.len(), 2);
    symlink("..2", volume.join("..tmp")).unwrap();
    fs::rename(volume.join("..tmp"), volume.join("..data")).unwrap();
    assert_ne!(before, agent.sources().stamp());
    assert_eq!(agent.read().configs.len(), 2);
}
