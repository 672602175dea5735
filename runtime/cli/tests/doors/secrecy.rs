//! A secret value is written to standard output and nowhere else, however much is said.

use std::fs;

use crate::support::{Folder, Portcullis, Run};

const MARKER: &str = "marker-5up3r-53cr37";

/// How much is logged: arguments and `PORTCULLIS_LOG`.
const LOUDNESS: &[(&[&str], Option<&str>)] =
    &[(&[], None), (&["-v"], None), (&["-vv"], None), (&[], Some("trace")), (&["-vv"], Some("trace"))];

struct Place {
    sources: Folder,
    home: Folder,
}

impl Place {
    /// The marker in a file of each family, whole and broken.
    fn new() -> Self {
        let sources = Folder::new();
        sources.write("good.json", format!(r#"{{"k":"{MARKER}","n":"{MARKER}\n"}}"#));
        sources.write("number.json", format!(r#"{{"k":"{MARKER}","n":1}}"#));
        sources.write("open.json", format!(r#"{{"k":"{MARKER}"#));
        sources.write("bare.json", format!(r#"{{"k":{MARKER}}}"#));
        sources.write("good.yaml", format!("k: {MARKER}\n"));
        sources.write("map.yaml", format!("k: {MARKER}\nn: {{ {MARKER}: {MARKER} }}\n"));
        sources.write("indented.yaml", format!("k: {MARKER}\n {MARKER}: x\n"));
        sources.write("binary.yaml", format!("k: !!binary \"{MARKER}\"\n"));
        sources.write("escape.yaml", format!("k: \"\\q{MARKER}\"\n"));
        sources.write("alias.yaml", format!("k: *{MARKER}\n"));
        sources.write("text/k", MARKER);
        Self { sources, home: Folder::new() }
    }

    fn run(&self, arguments: &[&str], loudness: (&[&str], Option<&str>), stdin: String) -> Run {
        let mut portcullis = Portcullis::new(arguments.iter().chain(loudness.0))
            .env("HOME", self.home.path())
            .env("PORTCULLIS_ARTEFACTS", self.home.folder("artefacts"))
            .env("RUST_BACKTRACE", "full")
            .folder(&self.home.folder("cwd"))
            .stdin(stdin);
        if let Some(level) = loudness.1 {
            portcullis = portcullis.env("PORTCULLIS_LOG", level).env("RUST_LOG", level);
        }
        portcullis.run()
    }

    /// Nothing on standard error, and no file that a run could have made, has the marker.
    fn assert_kept(&self, what: &str, run: &Run) {
        assert!(!run.stderr.contains(MARKER), "{what}: {run:?}");
        for path in self.home.listing() {
            if let Ok(bytes) = fs::read(&path) {
                let found = bytes.windows(MARKER.len()).any(|window| window == MARKER.as_bytes());
                assert!(!found, "{what}: {}", path.display());
            }
        }
    }
}

/// Type, setting, file, and whether the marker comes out.
const SOURCES: &[(&str, &str, &str, bool)] = &[
    ("file.json", "file_path", "good.json", true),
    ("file.json", "file_path", "number.json", false),
    ("file.json", "file_path", "open.json", false),
    ("file.json", "file_path", "bare.json", false),
    ("file.yaml", "file_path", "good.yaml", true),
    ("file.yaml", "file_path", "map.yaml", false),
    ("file.yaml", "file_path", "indented.yaml", false),
    ("file.yaml", "file_path", "binary.yaml", false),
    ("file.yaml", "file_path", "escape.yaml", false),
    ("file.yaml", "file_path", "alias.yaml", false),
    ("file.text", "secrets_path", "text", true),
    ("k8s.file", "secrets_path", "text", true),
    ("docker.secrets", "secrets_path", "text", true),
];

#[test]
fn the_marker_comes_out_of_standard_output_only() {
    let place = Place::new();
    for (backend_type, setting, file, good) in SOURCES {
        let path = place.sources.at(file);
        let request = serde_json::json!({
            "secrets": ["k", "missing"], "type": backend_type, "config": { (*setting): path },
        });
        let document = format!(
            "secret_backend_type: {backend_type}\nsecret_backend_config: {{ {setting}: '{path}' }}\n\
             a: ENC[k]\nb: ENC[missing]\n"
        );
        for loudness in LOUDNESS {
            for (arguments, stdin) in
                [(vec!["exec"], request.to_string()), (vec!["resolve", "-"], document.clone())]
            {
                let what = format!("{backend_type} {file} {arguments:?} {loudness:?}");
                let run = place.run(&arguments, *loudness, stdin);
                place.assert_kept(&what, &run);
                assert_eq!(run.text().contains(MARKER), *good, "{what}: {run:?}");
            }
        }
    }
}

/// An answer that the checks refuse, whole or in part: over the cap of a batch, of a value, or empty once trimmed.
#[test]
fn a_refused_answer_is_not_told() {
    let place = Place::new();
    let path = place.sources.at("good.json");
    let component = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-providers/dist/file.json.wasm");
    place.sources.write("json.wasm", fs::read(component).unwrap());
    for config in [
        format!(
            "secret_backend_output_max_size: 4\nsecret_backend_type: file.json\nsecret_backend_config: {{ file_path: '{path}' }}\n"
        ),
        format!(
            "version: 1\nproviders: {{ a: {{ type: file.json, limits: {{ value: 4B }}, config: {{ file_path: '{path}' }} }} }}\n"
        ),
        format!(
            "version: 1\nproviders: {{ a: {{ type: file.json, limits: {{ file_bytes: 4B }}, config: {{ file_path: '{path}' }} }} }}\n"
        ),
        format!(
            "version: 1\nproviders: {{ a: {{ component: json.wasm, limits: {{ value: 4B }}, filesystem: [{{ host: '{path}' }}], config: {{ file_path: '{path}' }} }} }}\n"
        ),
        format!(
            "version: 1\nproviders: {{ a: {{ component: json.wasm, limits: {{ memory: 64KiB }}, filesystem: [{{ host: '{path}' }}], config: {{ file_path: '{path}' }} }} }}\n"
        ),
    ] {
        place.sources.write("c.yaml", &config);
        let config_path = place.sources.at("c.yaml");
        for loudness in LOUDNESS {
            for (door, stdin) in [("exec", r#"{"secrets":["k","n"]}"#), ("resolve", "a: ENC[k]\nb: ENC[n]\n")]
            {
                let mut arguments = vec![door, "--config", &config_path];
                arguments.extend((door == "resolve").then_some("-"));
                let run = place.run(&arguments, *loudness, stdin.to_owned());
                place.assert_kept(&config, &run);
                assert!(!run.text().contains(MARKER), "{config}: {run:?}");
                assert_ne!(run.code, 2, "{config}: {run:?}");
            }
        }
    }
}

#[test]
fn a_document_that_cannot_be_read_is_not_told_with_its_values() {
    let place = Place::new();
    for loudness in LOUDNESS {
        let document = format!("password: {MARKER}\nother: [ENC[k], {MARKER}]\n");
        let run = place.run(&["resolve", "-"], *loudness, document).refused(2, &["-:2:"]);
        place.assert_kept("unreadable document", &run);
    }
}
