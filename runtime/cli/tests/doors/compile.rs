//! `portcullis compile`, and that a later run takes what it made.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Folder, Portcullis, Run, Table, set_mode};

const BINARY: &str = env!("CARGO_BIN_EXE_portcullis");
const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-providers/dist");

/// A folder with a component, a configuration that names it, and a secret.
pub(crate) struct Place {
    pub(crate) folder: Folder,
    pub(crate) config: String,
    pub(crate) artefacts: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        folder.write("a.wasm", fs::read(format!("{DIST}/file.json.wasm")).unwrap());
        let secret = folder.write("s.json", r#"{"k":"v"}"#);
        let config = format!(
            "version: 1\nproviders: {{ a: {{ component: a.wasm, filesystem: [{{ host: '{0}' }}], config: {{ file_path: '{0}' }} }} }}\n",
            secret.display()
        );
        let config = folder.write("c.yaml", config).into_os_string().into_string().unwrap();
        let artefacts = folder.at("artefacts");
        Self { folder, config, artefacts }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Portcullis {
        Portcullis::new(arguments).env("PORTCULLIS_ARTEFACTS", &self.artefacts).folder(self.folder.path())
    }

    /// One resolution with the component: its code comes from the store, or is compiled.
    pub(crate) fn resolve(&self) -> Portcullis {
        self.run(&["resolve", "--config", &self.config, "-"]).stdin("a: ENC[k]\n")
    }

    /// The files of the artefact folder.
    pub(crate) fn kept(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.artefacts)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn what_is_compiled_ahead_is_what_a_run_takes() {
    let place = Place::new();
    let run = place.run(&["compile", "--config", &place.config, "--json"]).run().expect(0);
    assert_eq!(run.stderr, "");
    let shown = &run.json()[0];
    let artefact = shown["artefact"].as_str().unwrap();
    assert_eq!(shown["component"], place.folder.at("a.wasm").as_str());
    assert_eq!(shown["compiled"], true);
    assert_eq!(shown["bytes"], fs::metadata(artefact).unwrap().len());
    let name = Path::new(artefact).file_name().unwrap().to_str().unwrap();
    assert_eq!(place.kept(), [name]);
    assert!(shown["digest"].as_str().unwrap().ends_with(name.split_once('-').unwrap().0));
    assert_eq!(fs::metadata(artefact).unwrap().permissions().mode() & 0o777, 0o400);
    assert_eq!(fs::metadata(&place.artefacts).unwrap().permissions().mode() & 0o777, 0o700);
    // With a store that cannot be written any more, a run takes it as it is: nothing is compiled, nothing warned of.
    set_mode(Path::new(&place.artefacts), 0o500);
    let run = place.resolve().run().expect(0);
    assert_eq!((run.text(), run.stderr.as_str()), ("a: \"v\"\n", ""));
    let again = place.run(&["compile", "a.wasm"]).run().expect(0);
    assert!(again.text().ends_with("  state     was there already\n"), "{again:?}");
    assert!(!again.text().contains(" s\n"), "no time but on a terminal: {again:?}");
}

#[test]
fn several_components_one_of_which_fails() {
    let place = Place::new();
    place.folder.write("bad.wasm", "not a component");
    let run = place.run(&["compile", "bad.wasm", "a.wasm"]).run().expect(3);
    assert!(run.text().starts_with("a.wasm\n  digest    sha256:"), "{run:?}");
    assert!(run.text().ends_with("  state     compiled\n"), "{run:?}");
    assert_eq!(
        run.stderr,
        "portcullis: bad.wasm: not a component that this engine runs: it does not begin as a component does\n"
    );
    let run = place.run(&["compile", "--json", "bad.wasm", "a.wasm"]).run().expect(3);
    assert_eq!(run.json()[0]["component"], "bad.wasm");
    assert!(run.json()[0]["error"].as_str().unwrap().contains("not a component"));
    assert_eq!(run.json()[1]["compiled"], false);
}

#[test]
fn what_is_refused_and_how() {
    Table::read("compile.yaml").check(|_, _| {});
}

/// The folder of components that stands in for the built-in ones is compiled where a configuration uses its types.
#[test]
fn a_stand_in_for_a_built_in_type_is_compiled_too() {
    let place = Place::new();
    fs::rename(place.folder.at("a.wasm"), place.folder.at("file.json.wasm")).unwrap();
    let config = "version: 1\nproviders: { a: { type: file.json, config: { file_path: /none } } }\n";
    let config = place.folder.write("b.yaml", config);
    let config = config.to_str().unwrap();
    let builtins = place.folder.path().to_str().unwrap();
    let run = place.run(&["compile", "--config", config, "--json", "--builtins", builtins]).run().expect(0);
    assert_eq!(run.json()[0]["compiled"], true);
    let none = place.run(&["compile", "--config", config, "--json"]).run().expect(0);
    assert_eq!(none.json(), serde_json::json!([]), "those of the binary are compiled already");
}

/// Two runs that start together on a fresh folder: both answer, and one good artefact is left.
#[test]
fn two_processes_that_race_leave_one_good_artefact() {
    let place = Place::new();
    for round in 0..5 {
        let _ = fs::remove_dir_all(&place.artefacts);
        let start = || {
            Command::new(BINARY)
                .args(["resolve", "--config", &place.config, &place.folder.at("d.yaml")])
                .env_clear()
                .env("PORTCULLIS_ARTEFACTS", &place.artefacts)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        place.folder.write("d.yaml", "a: ENC[k]\n");
        for run in [start(), start(), start()] {
            let output = run.wait_with_output().unwrap();
            assert!(output.status.success(), "round {round}: {output:?}");
            assert_eq!(output.stdout, b"a: \"v\"\n", "round {round}");
            assert!(output.stderr.is_empty(), "round {round}: {output:?}");
        }
        assert_eq!(place.kept().len(), 1, "round {round}");
        let verified = place.run(&["artefacts", "verify"]).run().expect(0);
        assert!(verified.text().starts_with("good "), "{verified:?}");
    }
}

/// Where nothing can be written a run answers all the same, and says so once, however many components there are.
#[test]
fn a_folder_that_cannot_be_written_costs_one_warning() {
    let place = two_components();
    for folder in ["/none/x", "/proc", "/dev/null"] {
        let run = place.run(&["resolve", "--config", &place.config, "-", "--artefacts", folder]);
        warned_once(&run.stdin(TWO).run());
    }
}

/// The same for a folder that is full or read-only, where the system lets this user make a file system.
#[test]
fn a_full_or_read_only_folder_costs_one_warning() {
    let place = two_components();
    place.folder.folder("artefacts");
    let script = "mount -t tmpfs -o size=$3,mode=700 tmpfs \"$2\" && mount -o remount,$4 \"$2\" || exit 77; \
                  exec \"$0\" resolve --config \"$1\" --artefacts \"$2\" -";
    for (size, how) in [("64k", "rw"), ("1m", "ro")] {
        let mut arguments = vec!["-r", "-m", "sh", "-c", script, BINARY, &place.config, &place.artefacts];
        arguments.extend([size, how]);
        let run = Portcullis::at(Path::new("/usr/bin/unshare"), arguments)
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        let run = run.stdin(TWO).run();
        if run.code != 0 {
            // In the namespace the files' owner may be another user, whom the rule rightly does not trust.
            eprintln!("left out, no file system can be made here: {run:?}");
            return;
        }
        warned_once(&run);
    }
}

const TWO: &str = "a: ENC[a:k]\nb: ENC[b:k]\n";

fn warned_once(run: &Run) {
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.text(), "a: \"v\"\nb: \"v\"\n");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    assert!(run.stderr.contains("kept in memory only"), "{run:?}");
}

/// Two providers with components of their own, each of which has to be compiled.
fn two_components() -> Place {
    let place = Place::new();
    place.folder.write("b.wasm", another_component(&place));
    let text = fs::read_to_string(&place.config).unwrap();
    let a = text.trim_start_matches("version: 1\nproviders: { ").trim_end_matches(" }\n").to_owned();
    let b = a.replacen("a: { component: a.wasm", "b: { component: b.wasm", 1);
    let routes = "routes: [{ prefix: 'a:', to: a }, { prefix: 'b:', to: b }]\n";
    place.folder.write("c.yaml", format!("version: 1\nproviders: {{ {a}, {b} }}\n{routes}"));
    place
}

/// The same component with a custom section more: another digest.
fn another_component(place: &Place) -> Vec<u8> {
    let mut bytes = fs::read(place.folder.at("a.wasm")).unwrap();
    bytes.extend([0, 2, 1, b'x']);
    bytes
}
