//! What the host gives, and what to do where it does not.

use serde_json::Value;

use crate::support::{Folder, Portcullis, set_mode};

const CHECKS: &[&str] =
    &["version", "engine", "pool", "built-ins", "artefacts", "configuration", "ceiling", "memory"];
const LAYERS: &[&str] = &["no-new-privileges", "limits", "landlock", "seccomp"];

/// Runs it for programs. What a kernel lacks is missing here as on any host, and the exit code must say the same.
fn doctor(arguments: &[&str]) -> Value {
    let run = Portcullis::new(["doctor", "--json"].iter().chain(arguments)).run();
    let report = run.json();
    let checks = report["checks"].as_array().unwrap();
    let missing = checks.iter().any(|check| check["state"] == "missing");
    assert_eq!((run.code, report["ok"].as_bool()), (i32::from(missing), Some(!missing)), "{run:?}");
    for check in checks {
        assert_eq!(
            check["state"] == "ok",
            check.get("remedy").is_none(),
            "what is wrong has a remedy: {check}"
        );
    }
    report
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["check"] == name).unwrap_or_else(|| panic!("{name}: {report}"))
}

#[test]
fn every_check_has_its_line_in_order() {
    let report = doctor(&[]);
    let names: Vec<&str> =
        report["checks"].as_array().unwrap().iter().map(|check| check["check"].as_str().unwrap()).collect();
    assert_eq!(names, [CHECKS, LAYERS].concat());
    for name in ["version", "engine", "built-ins", "no-new-privileges", "limits"] {
        assert_eq!(check(&report, name)["state"], "ok", "{report}");
    }
    let run = Portcullis::new(["doctor"]).run();
    let lines: Vec<&str> = run.text().lines().filter(|line| !line.contains("to do: ")).collect();
    assert_eq!(lines.len(), names.len(), "{run:?}");
    for (line, name) in lines.iter().zip(names) {
        assert_eq!(line.split_whitespace().nth(1), Some(name), "{run:?}");
    }
}

#[test]
fn what_is_wrong_is_told_with_the_remedy() {
    let folder = Folder::new();
    let good = folder
        .write("good.yaml", "version: 1\nproviders: { a: { type: file.json, config: { file_path: /s } } }\n");
    let open = folder.write("open.yaml", std::fs::read(&good).unwrap());
    set_mode(&open, 0o666);
    let wrong = folder.write("wrong.yaml", "version: 1\nproviders: 3\n");
    let none = folder.write("none.yaml", "version: 1\nproviders: { a: { component: ./none.wasm } }\n");
    let public = folder.folder("public");
    set_mode(&public, 0o755);
    let at = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let rows = [
        ("--config", at(&good), "configuration", "ok", "good.yaml: trusted, 1 provider"),
        ("--config", at(&open), "configuration", "missing", "refusing to trust"),
        ("--config", at(&wrong), "configuration", "missing", "wrong.yaml:2:"),
        ("--config", at(&none), "configuration", "missing", "none.wasm"),
        ("--config", folder.at("away.yaml"), "configuration", "missing", "away.yaml"),
        ("--ceiling", at(&open), "ceiling", "missing", "refusing to trust"),
        ("--ceiling", folder.at("away.yaml"), "ceiling", "missing", "away.yaml"),
        ("--artefacts", at(&public), "artefacts", "warning", "is not private"),
        ("--artefacts", folder.at("new"), "artefacts", "ok", "made when"),
        ("--artefacts", folder.at("none/new"), "artefacts", "warning", "cannot be made"),
    ];
    let before = folder.listing();
    for (flag, value, name, state, found) in rows {
        let report = doctor(&[flag, &value]);
        let check = check(&report, name);
        assert_eq!(check["state"], state, "{flag} {value}: {check}");
        assert!(check["found"].as_str().unwrap().contains(found), "{flag} {value}: {check}");
    }
    assert_eq!(folder.listing(), before, "it makes nothing");
}

#[test]
fn a_wall_that_is_left_away_is_a_warning() {
    let report = doctor(&["--no-wall"]);
    assert_eq!(check(&report, "wall")["state"], "warning");
    assert!(!report.to_string().contains("seccomp"), "{report}");
}
