//! The operator's upper bound holds for every provider: declared, derived, or named by a request.

use std::os::unix::fs::symlink;

use crate::support::{Folder, Portcullis, set_mode};
use crate::trust::fifo;

fn place() -> (Folder, String, String) {
    let folder = Folder::new();
    folder.write("allowed/s.json", r#"{"k":"v"}"#);
    folder.write("other/s.json", r#"{"k":"v"}"#);
    let agent = |name: &str| {
        format!(
            "secret_backend_type: file.json\nsecret_backend_config: {{ file_path: '{}' }}\n",
            folder.at(name)
        )
    };
    folder.write("allowed.yaml", agent("allowed/s.json"));
    folder.write("other.yaml", agent("other/s.json"));
    let (allowed, other) = (folder.at("allowed.yaml"), folder.at("other.yaml"));
    (folder, allowed, other)
}

#[test]
fn files_beyond_the_ceiling_are_not_granted() {
    let (folder, allowed, other) = place();
    folder.write("ceiling.yaml", format!("filesystem: [{{ host: '{}' }}]\n", folder.at("allowed")));
    let ceiling = folder.at("ceiling.yaml");
    for (config, code, text) in [(&allowed, 0, "a: \"v\"\n"), (&other, 1, "a: ENC[k]\n")] {
        let arguments = ["resolve", "--ceiling", &ceiling, "--config", config, "-"];
        assert_eq!(Portcullis::new(arguments).stdin("a: ENC[k]\n").run().expect(code).text(), text);
    }
    for (name, value) in [("allowed", Some("v")), ("other", None)] {
        let request = serde_json::json!({
            "secrets": ["k"], "type": "file.json", "config": { "file_path": folder.at(&format!("{name}/s.json")) },
        });
        let answer = Portcullis::new(["exec", "--ceiling", &ceiling])
            .stdin(request.to_string())
            .run()
            .expect(0)
            .json();
        assert_eq!(answer["k"]["value"].as_str(), value, "{answer}");
    }
    folder.write("ceiling.yaml", "filesystem: []\n");
    let arguments = ["resolve", "--ceiling", &ceiling, "--config", &allowed, "-"];
    Portcullis::new(arguments).stdin("a: ENC[k]\n").run().expect(1);
}

#[test]
fn a_required_digest_refuses_components_without_one() {
    let (folder, allowed, _) = place();
    folder.write("ceiling.yaml", "digest: required\n");
    let ceiling = folder.at("ceiling.yaml");
    let config = folder.write("c.yaml", "version: 1\nproviders: { a: { component: a.wasm } }\n");
    let config = config.to_str().unwrap();
    let says = ["provider a", "digest: required", "providers.a.digest is missing"];
    let arguments = ["--ceiling", &ceiling, "--config", config];
    Portcullis::new(["resolve", "-"].iter().chain(&arguments)).stdin("a: ENC[k]\n").run().refused(2, &says);
    Portcullis::new(["policy", "validate"].iter().chain(&arguments)).run().refused(2, &says);
    Portcullis::new(["exec"].iter().chain(&arguments)).stdin(r#"{"secrets":["k"]}"#).run().refused(1, &says);
    // What the binary carries needs none.
    let arguments = ["resolve", "-", "--ceiling", &ceiling, "--config", &allowed];
    Portcullis::new(arguments).stdin("a: ENC[k]\n").run().expect(0);
}

#[test]
fn a_ceiling_that_cannot_be_used_stops_everything() {
    let (folder, allowed, _) = place();
    folder.write("invalid.yaml", "limits:\n  wall: soon\n");
    folder.write("unknown.yaml", "limits: {}\nfilesytem: []\n");
    folder.write("syntax.yaml", "limits: [\n");
    folder.write("bytes.yaml", [0x61, 0xff]);
    set_mode(&folder.write("untrusted.yaml", "limits: {}\n"), 0o666);
    symlink("nowhere", folder.path().join("dangling.yaml")).unwrap();
    fifo(&folder.path().join("fifo.yaml"));
    for (name, says) in [
        ("invalid.yaml", "invalid.yaml:2:"),
        ("unknown.yaml", "unknown.yaml:2:1: filesytem: unknown key"),
        ("syntax.yaml", "syntax.yaml:"),
        ("bytes.yaml", "bytes.yaml:1:"),
        ("untrusted.yaml", "mode 0666"),
        ("dangling.yaml", "No such file"),
        ("none.yaml", "No such file"),
        ("fifo.yaml", "expected a regular file"),
    ] {
        let ceiling = folder.at(name);
        let says = ["the ceiling cannot be used", &folder.at(name), says];
        let arguments = ["--ceiling", &ceiling, "--config", &allowed];
        Portcullis::new(["resolve", "-"].iter().chain(&arguments))
            .stdin("a: ENC[k]\n")
            .run()
            .refused(2, &says);
        Portcullis::new(["resolve", "-"].iter().chain(&arguments)).stdin("a: 1\n").run().refused(2, &says);
        Portcullis::new(["policy", "explain"].iter().chain(&arguments)).run().refused(2, &says);
        Portcullis::new(["exec"].iter().chain(&arguments))
            .stdin(r#"{"secrets":["k"]}"#)
            .run()
            .refused(1, &says);
    }
}
