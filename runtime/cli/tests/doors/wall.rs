//! The second wall, as the doors raise it. What it holds is proven where it is made (`runtime/wall/tests/drop`).

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Folder, Portcullis, Run, root, set_mode};

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

/// While it waits for its request it has no core file to leave, and its `/proc` entries belong to root: nobody else may
/// look into it.
#[cfg(target_os = "linux")]
#[test]
fn its_memory_is_its_own() {
    const USER: u32 = 12345;
    let folder = Folder::new();
    set_mode(folder.path(), 0o755);
    let binary = folder.at("portcullis");
    let copied =
        Command::new("install").args(["-m", "0755", env!("CARGO_BIN_EXE_portcullis"), &binary]).status();
    assert!(copied.unwrap().success());
    let mut command = Command::new(binary);
    command.arg("exec").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    // Root's own entries belong to root anyhow.
    if root() {
        command.uid(USER).gid(USER);
    }
    let mut child = command.spawn().unwrap();
    let proc = std::path::PathBuf::from(format!("/proc/{}", child.id()));
    let limit = || {
        let limits = fs::read_to_string(proc.join("limits")).unwrap();
        let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
        core.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    // It says nothing when it is ready to read.
    let began = Instant::now();
    while fs::metadata(proc.join("mem")).unwrap().uid() != 0 || limit() != ["0", "0"] {
        assert!(began.elapsed() < Duration::from_secs(60), "its memory is open to its user: {:?}", limit());
        std::thread::yield_now();
    }
    drop(child.stdin.take());
    child.wait().unwrap();
}
