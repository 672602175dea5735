//! The second wall, as the doors raise it. What it holds is proven where it is made (`runtime/wall/tests/drop`).

use std::fs;

use crate::support::{Folder, Portcullis, Run};

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-providers/dist");

/// A document whose backend is a component of the operator's own, and a folder where it is kept compiled.
struct Place {
    folder: Folder,
    document: String,
}

impl Place {
    fn new() -> Self {
        let folder = Folder::new();
        folder.write("keys/s.json", r#"{"k":"value"}"#);
        folder.write("own.wasm", fs::read(format!("{DIST}/file.json.wasm")).unwrap());
        folder.folder("artefacts");
        let keys = folder.at("keys/s.json");
        folder.write(
            "portcullis.yaml",
            format!(
                "version: 1\nproviders:\n  own:\n    component: ./own.wasm\n    config: {{ file_path: '{keys}' }}\n    \
                 filesystem: [{{ host: '{keys}' }}]\n"
            ),
        );
        let document = "a: ENC[k]\n".to_owned();
        Self { folder, document }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let (config, artefacts) = (self.folder.at("portcullis.yaml"), self.folder.at("artefacts"));
        let common = ["resolve", "--config", &config, "--artefacts", &artefacts, "-"];
        Portcullis::new(common.iter().chain(arguments)).stdin(self.document.as_bytes()).run().expect(0)
    }
}

/// Compiled behind the wall, taken from the folder behind it, and without it.
#[test]
fn a_component_of_ones_own_runs_behind_it() {
    let place = Place::new();
    for arguments in [&[][..], &[], &["--no-wall"]] {
        assert_eq!(place.run(arguments).text(), "a: \"value\"\n", "{arguments:?}");
    }
    assert_eq!(fs::read_dir(place.folder.at("artefacts")).unwrap().count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn one_line_says_what_holds() {
    let place = Place::new();
    let lines = |run: &Run| run.stderr.lines().filter(|line| line.contains("second wall")).count();
    assert_eq!(lines(&place.run(&[])), 0);
    let loud = place.run(&["-v"]);
    assert_eq!(lines(&loud), 1, "{loud:?}");
    for layer in ["no-new-privileges: on", "descriptors", "landlock: ", "seccomp: "] {
        assert!(loud.stderr.contains(layer), "{layer}: {loud:?}");
    }
    let off = place.run(&["--no-wall"]);
    assert!(off.stderr.contains("no second wall (--no-wall)"), "{off:?}");
}

/// A folder that is a link, a file that is one, and a component that is one: rules follow them before the drop.
#[test]
fn links_lead_where_they_led_before() {
    let place = Place::new();
    let real = Folder::new();
    real.write("keys/s.json", r#"{"k":"linked"}"#);
    fs::remove_dir_all(place.folder.at("keys")).unwrap();
    std::os::unix::fs::symlink(real.at("keys"), place.folder.at("keys")).unwrap();
    fs::rename(place.folder.at("own.wasm"), real.at("own.wasm")).unwrap();
    std::os::unix::fs::symlink(real.at("own.wasm"), place.folder.at("own.wasm")).unwrap();
    assert_eq!(place.run(&[]).text(), "a: \"linked\"\n");
}
