//! A first run compiles nothing and writes nothing: also where no folder can be written at all.

use std::fs;
use std::process::Command;

use crate::support::{Folder, Portcullis, Run, set_mode};

const TYPES: &[&str] = &["docker.secrets", "file.json", "file.text", "file.yaml", "k8s.file"];
const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-providers/dist");

fn document(folder: &Folder) -> String {
    folder.write("s.json", r#"{"k":"v"}"#);
    format!(
        "secret_backend_type: file.json\nsecret_backend_config: {{ file_path: '{}' }}\na: ENC[k]\n",
        folder.at("s.json")
    )
}

fn resolved(run: Run) {
    let run = run.expect(0);
    assert!(run.text().ends_with("a: \"v\"\n"), "{run:?}");
    assert_eq!(run.stderr, "", "nothing is worth a warning");
}

#[test]
fn no_file_is_made() {
    let (source, home) = (Folder::new(), Folder::new());
    let document = document(&source);
    let cwd = home.folder("cwd");
    let kept = home.folder("artefacts");
    let before = home.listing();
    resolved(Portcullis::new(["resolve", "-"]).stdin(document.clone()).run());
    resolved(
        Portcullis::new(["resolve", "-"]).env("HOME", home.path()).folder(&cwd).stdin(document.clone()).run(),
    );
    let run = Portcullis::new(["resolve", "-"])
        .env("XDG_CACHE_HOME", home.at("cache"))
        .env("PORTCULLIS_ARTEFACTS", &kept)
        .env("TMPDIR", home.path())
        .stdin(document)
        .run();
    resolved(run);
    assert_eq!(home.listing(), before);
}

#[test]
fn an_artefact_folder_that_cannot_be_written_is_not_missed() {
    let source = Folder::new();
    let document = document(&source);
    let unwritable = source.folder("unwritable");
    set_mode(&unwritable, 0o500);
    for folder in [unwritable.to_str().unwrap(), "/proc/nowhere", "/dev/null/x", "/none"] {
        let run = Portcullis::new(["resolve", "-"])
            .env("PORTCULLIS_ARTEFACTS", folder)
            .stdin(document.clone())
            .run();
        resolved(run);
        resolved(Portcullis::new(["resolve", "-", "--artefacts", folder]).stdin(document.clone()).run());
    }
}

/// Where the system lets this user make a namespace: the same with every file system read-only.
#[test]
fn a_read_only_root_is_enough() {
    let script = "for m in / /tmp /var /root /home /run; do mount --bind $m $m 2>/dev/null && \
                  mount -o remount,bind,ro $m 2>/dev/null; done; ! touch \"$2/made\" 2>/dev/null || exit 77; \
                  exec \"$1\" resolve \"$2/d.yaml\"";
    let source = Folder::new();
    let text = document(&source);
    source.write("d.yaml", &text);
    let output = Command::new("unshare")
        .args(["-r", "-m", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_portcullis")])
        .arg(source.path())
        .output();
    match output {
        Ok(output) if output.status.code() == Some(0) => {
            assert!(String::from_utf8_lossy(&output.stdout).ends_with("a: \"v\"\n"), "{output:?}");
            assert!(output.stderr.is_empty(), "{output:?}");
        }
        // In the namespace the file's owner may be another user, whom the rule rightly does not trust.
        other => eprintln!("left out, no read-only root can be made here: {other:?}"),
    }
}

#[test]
fn a_folder_of_components_stands_in_for_the_built_in_ones() {
    let folder = Folder::new();
    let document = document(&folder);
    let builtins = folder.folder("builtins");
    for name in TYPES {
        folder.write(&format!("builtins/{name}.wasm"), fs::read(format!("{DIST}/{name}.wasm")).unwrap());
    }
    let artefacts = folder.folder("artefacts");
    let run = || {
        Portcullis::new(["resolve", "-", "--builtins", builtins.to_str().unwrap()])
            .env("PORTCULLIS_ARTEFACTS", &artefacts)
            .stdin(document.clone())
            .run()
    };
    resolved(run());
    let kept = folder.listing();
    assert!(fs::read_dir(&artefacts).unwrap().count() > 0, "what was compiled is kept");
    resolved(run());
    assert_eq!(folder.listing(), kept, "nothing new the second time");
    // A damaged artefact is compiled again, not believed.
    for entry in fs::read_dir(&artefacts).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let mut bytes = fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0xff;
            fs::write(&path, bytes).unwrap();
        }
    }
    let again = run().expect(0);
    assert!(again.text().ends_with("a: \"v\"\n"), "{again:?}");
    // Through the environment, and without a place to keep what is compiled: one warning.
    let run = Portcullis::new(["resolve", "-"])
        .env("PORTCULLIS_BUILTINS", &builtins)
        .env("PORTCULLIS_ARTEFACTS", "/proc/nowhere")
        .stdin(document.clone())
        .run()
        .expect(0);
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    assert!(run.stderr.contains("kept in memory only"), "{run:?}");
    // A type that the folder lacks.
    fs::remove_file(builtins.join("file.json.wasm")).unwrap();
    let run =
        Portcullis::new(["resolve", "-", "--builtins", builtins.to_str().unwrap()]).stdin(document).run();
    let run = run.expect(3);
    assert!(run.stderr.contains("file.json.wasm"), "{run:?}");
}
