//! Names and texts that are taken, and those that are not.

use std::fs;
use std::os::unix::fs::symlink;

use portcullis_agent::configs::Sources;

use super::{Agent, CHECK, LOGS};

#[test]
fn files_by_name_and_text() {
    type Row<'r> = (&'r [(&'r str, &'r str)], &'r [(&'r str, &'r str)], usize);
    // Files; the integration and place of each that is taken, in order; how many errors.
    let rows: &[Row<'_>] = &[
        (&[], &[], 0),
        (&[("redisdb.yaml", CHECK)], &[("redisdb", "redisdb.yaml")], 0),
        (&[("redisdb.yml", CHECK)], &[("redisdb", "redisdb.yml")], 0),
        (&[("a.b.yaml", CHECK)], &[("a.b", "a.b.yaml")], 0),
        (
            &[("redisdb.d/conf.yaml", CHECK), ("redisdb.d/b.yml", CHECK)],
            &[("redisdb", "redisdb.d/b.yml"), ("redisdb", "redisdb.d/conf.yaml")],
            0,
        ),
        (&[("a.d/sub/conf.yaml", CHECK), ("a/conf.yaml", CHECK), ("a.d.d.x/c.yaml", CHECK)], &[], 0),
        (&[("a.json", "{\"instances\": [1]}"), ("a.yaml.example", CHECK), ("a.yaml~", CHECK)], &[], 0),
        (&[("a.YAML", CHECK), ("yaml", CHECK), ("a.default", CHECK), ("a.yamldefault", CHECK)], &[], 0),
        (&[("auto_conf.yaml", CHECK), ("a.d/auto_conf.yaml", CHECK), ("a.d/auto_conf.yml", CHECK)], &[], 0),
        (&[("metrics.yaml", CHECK), ("metrics.yml", CHECK)], &[], 0),
        (&[("a.d/metrics.yaml", "jmx_metrics: [1]")], &[("a", "a.d/metrics.yaml")], 0),
        // Defaults.
        (&[("a.yaml.default", CHECK)], &[("a", "a.yaml.default")], 0),
        (&[("a.yml.default", CHECK)], &[("a", "a.yml.default")], 0),
        (&[("a.yaml.default", CHECK), ("a.yaml", CHECK)], &[("a", "a.yaml")], 0),
        (&[("a.d/conf.yaml.default", CHECK), ("a.yaml", CHECK)], &[("a", "a.yaml")], 0),
        (&[("a.yaml.default", CHECK), ("a.d/x.yaml", CHECK)], &[("a", "a.d/x.yaml")], 0),
        (&[("a.d/conf.yaml.default", CHECK), ("a.d/x.yaml", CHECK)], &[("a", "a.d/x.yaml")], 0),
        (
            &[("a.d/conf.yaml.default", CHECK), ("b.yaml", CHECK)],
            &[("b", "b.yaml"), ("a", "a.d/conf.yaml.default")],
            0,
        ),
        (
            &[("a.d/conf.yaml.default", CHECK), ("a.d/conf.yaml", LOGS)],
            &[("a", "a.d/conf.yaml"), ("a", "a.d/conf.yaml.default")],
            0,
        ),
        (
            &[("a.d/conf.yaml.default", CHECK), ("a.d/metrics.yaml", "jmx_metrics: [1]")],
            &[("a", "a.d/metrics.yaml"), ("a", "a.d/conf.yaml.default")],
            0,
        ),
        (&[("a.yaml.default", CHECK), ("a.yaml", "ad_identifiers: [x]\nlogs: [y]\n")], &[("a", "a.yaml")], 0),
        (&[("a.yaml.default", CHECK), ("a.yaml", "nothing: here\n")], &[("a", "a.yaml.default")], 1),
        // Texts.
        (&[("a.yaml", "")], &[], 0),
        (&[("a.yaml", "# only a comment\n")], &[], 1),
        (&[("a.yaml", "init_config:\ninstances:\n")], &[], 1),
        (&[("a.yaml", "instances: []\n")], &[], 1),
        (&[("a.yaml", "instances: {a: b}\n")], &[], 1),
        (&[("a.yaml", "other:\n  instances: [a]\n")], &[], 1),
        (&[("a.yaml", "? [instances]\n: [a]\n")], &[], 1),
        (&[("a.yaml", "- instances: [a]\n")], &[], 1),
        (&[("a.yaml", "a: b\n---\ninstances: [a]\n")], &[], 1),
        (&[("a.yaml", "logs: ~\njmx_metrics: null\n")], &[], 1),
        (&[("a.yaml", "logs: {}\n")], &[("a", "a.yaml")], 0),
        (&[("a.yaml", "x: &x [1]\ninstances:\n  - *x\n")], &[("a", "a.yaml")], 0),
        (&[("a.yaml", "init_config: {a: [b]}\ninstances: [{}]\n")], &[("a", "a.yaml")], 0),
        (&[("a.yaml", "a: [\n"), ("b.yaml", CHECK)], &[("b", "b.yaml")], 1),
        (&[("a.yaml", "a: \u{7}\n"), ("b.yaml", CHECK)], &[("b", "b.yaml")], 1),
    ];
    for (files, taken, errors) in rows {
        let found = Agent::new(files).read();
        let shown: Vec<(&str, &str)> = found
            .configs
            .iter()
            .skip(1)
            .map(|config| (config.name.as_str(), config.relative.strip_prefix("conf.d/").unwrap()))
            .collect();
        assert_eq!(shown, *taken, "{files:?}");
        assert_eq!(found.errors.len(), *errors, "{files:?}: {:?}", found.errors);
    }
}

#[test]
fn the_agents_file_is_first_and_needs_no_shape() {
    let agent = Agent::new(&[("a.yaml", CHECK)]);
    let found = agent.read();
    let own = &found.configs[0];
    assert_eq!((own.origin.as_str(), own.name.as_str()), ("datadog.yaml", "datadog.yaml"));
    assert_eq!(own.relative, "datadog.yaml");
    assert_eq!(**own.text, *b"api_key: ENC[key]\n");
    assert_eq!(own.path, agent.path().join("datadog.yaml"));
    let alone = Sources::new(&own.path, None).read();
    assert_eq!(alone.configs, found.configs[..1]);
}

#[test]
fn an_origin_is_the_integration_and_its_text() {
    let agent = Agent::new(&[("a.yaml", CHECK), ("a.d/x.yaml", CHECK), ("b.yaml", CHECK), ("c.yaml", LOGS)]);
    let origins: Vec<String> = agent.read().configs.into_iter().skip(1).map(|config| config.origin).collect();
    // The digest as `sha256sum` prints it, cut.
    let digest = "e2cfc2d8c589cca5";
    assert_eq!(origins[0], format!("a:{digest}"));
    assert_eq!(origins[1], format!("a:{digest}"), "one integration, one text");
    assert_eq!(origins[2], format!("b:{digest}"));
    assert_ne!(origins[3], format!("c:{digest}"));
}

#[test]
fn links_to_files_are_read_and_links_to_folders_are_not() {
    let agent = Agent::new(&[]);
    agent.write("elsewhere/x.yaml", CHECK);
    symlink("../elsewhere/x.yaml", agent.confd().join("a.yaml")).unwrap();
    symlink("../elsewhere", agent.confd().join("b.d")).unwrap();
    fs::create_dir(agent.confd().join("..2026")).unwrap();
    let names: Vec<String> = agent.read().configs.into_iter().map(|config| config.name).collect();
    assert_eq!(names, ["datadog.yaml", "a"]);
}
