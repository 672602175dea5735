//! Files that decide about authority are used only if nobody else could have written them, and the message says
//! which path, why, and what to do.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::{Folder, Portcullis, root, set_mode};

/// A user who is neither root nor, in all likelihood, this one.
const STRANGER: u32 = 12345;

/// Makes the folder untrusted in one way.
type Spoil = fn(&Folder);

/// What is done to `in/c.yaml`; what standard error says, `{dir}` for the folder; whether --allow-group-write helps;
/// whether it takes root to set up.
const ROWS: &[(&str, Spoil, &[&str], bool, bool)] = &[
    (
        "group-writable file",
        |f| set_mode(&f.path().join("in/c.yaml"), 0o660),
        &["{dir}/in/c.yaml: mode 0660", "its group", "chmod go-w {dir}/in/c.yaml"],
        true,
        false,
    ),
    (
        "world-writable file",
        |f| set_mode(&f.path().join("in/c.yaml"), 0o646),
        &["{dir}/in/c.yaml: mode 0646", "everybody", "chmod ", "-w {dir}/in/c.yaml"],
        false,
        false,
    ),
    (
        "group-writable folder",
        |f| set_mode(&f.path().join("in"), 0o770),
        &["{dir}/in: mode 0770", "chmod go-w {dir}/in"],
        true,
        false,
    ),
    (
        "world-writable folder",
        |f| set_mode(&f.path().join("in"), 0o777),
        &["{dir}/in: mode 0777", "everybody", "-w {dir}/in"],
        false,
        false,
    ),
    (
        "world-writable folder further up",
        |f| set_mode(f.path(), 0o757),
        &["{dir}: mode 0757", "everybody", "-w {dir}"],
        false,
        false,
    ),
    (
        "foreign owner of the file",
        |f| chown(&f.path().join("in/c.yaml")),
        &["{dir}/in/c.yaml: owned by user 12345", "chown root {dir}/in/c.yaml"],
        false,
        true,
    ),
    (
        "foreign owner of the folder",
        |f| chown(&f.path().join("in")),
        &["{dir}/in: owned by user 12345", "chown root {dir}/in"],
        false,
        true,
    ),
    (
        "a folder",
        |f| {
            fs::remove_file(f.path().join("in/c.yaml")).unwrap();
            f.folder("in/c.yaml");
        },
        &["{dir}/in/c.yaml: expected a regular file, found a folder"],
        false,
        false,
    ),
    (
        "a FIFO",
        |f| {
            fs::remove_file(f.path().join("in/c.yaml")).unwrap();
            fifo(&f.path().join("in/c.yaml"));
        },
        &["{dir}/in/c.yaml: expected a regular file, found a device, FIFO or socket"],
        false,
        false,
    ),
    (
        "a device",
        |f| {
            fs::remove_file(f.path().join("in/c.yaml")).unwrap();
            symlink("/dev/zero", f.path().join("in/c.yaml")).unwrap();
        },
        &["/dev/zero: expected a regular file"],
        false,
        false,
    ),
    (
        "a link to an untrusted file",
        |f| {
            fs::rename(f.path().join("in/c.yaml"), f.path().join("in/real.yaml")).unwrap();
            set_mode(&f.path().join("in/real.yaml"), 0o666);
            symlink("real.yaml", f.path().join("in/c.yaml")).unwrap();
        },
        &["{dir}/in/real.yaml: mode 0666", "-w {dir}/in/real.yaml"],
        false,
        false,
    ),
];

fn chown(path: &Path) {
    std::os::unix::fs::chown(path, Some(STRANGER), None).unwrap();
}

pub(crate) fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn config(folder: &Folder) -> String {
    let settings = format!("secret_backend_config: {{ file_path: '{}' }}\n", folder.at("s.json"));
    folder.write("s.json", r#"{"k":"v"}"#);
    folder.write("in/c.yaml", format!("secret_backend_type: file.json\n{settings}"));
    folder.at("in/c.yaml")
}

#[test]
fn a_configuration_that_others_can_change_is_refused_with_the_remedy() {
    for (what, spoil, says, group_write_helps, needs_root) in ROWS {
        if *needs_root && !root() {
            eprintln!("left out, it needs root: {what}");
            continue;
        }
        let folder = Folder::new();
        let path = config(&folder);
        spoil(&folder);
        let dir = folder.path().to_str().unwrap();
        let says: Vec<String> = says.iter().map(|part| part.replace("{dir}", dir)).collect();
        let says: Vec<&str> = says.iter().map(String::as_str).collect();

        let resolve = ["resolve", "--config", &path, "-"];
        Portcullis::new(resolve).stdin("a: ENC[k]\n").run().refused(2, &says);
        let exec = ["exec", "--config", &path];
        Portcullis::new(exec).stdin(r#"{"secrets":["k"]}"#).run().refused(1, &says);
        Portcullis::new(["policy", "validate", "--config", &path]).run().refused(2, &says);

        let run = Portcullis::new(resolve.iter().chain(&["--allow-group-write"])).stdin("a: ENC[k]\n").run();
        assert!(run.stderr.contains("--allow-group-write"), "{what}: it is logged: {run:?}");
        if *group_write_helps {
            assert_eq!(run.expect(0).text(), "a: \"v\"\n", "{what}");
        } else {
            run.refused(2, &["refusing to trust"]);
        }
    }
}

/// The rule counts for the file that configures, whatever its role; a document that is merely resolved may lie anywhere.
#[test]
fn a_document_is_judged_only_where_it_configures() {
    let folder = Folder::new();
    let config = config(&folder);
    let own = fs::read_to_string(&config).unwrap() + "a: ENC[k]\n";
    let path = folder.write("d.yaml", own);
    let path = path.to_str().unwrap();
    Portcullis::new(["resolve", path]).run().expect(0);
    set_mode(Path::new(path), 0o666);
    Portcullis::new(["resolve", path]).run().refused(2, &[path, "mode 0666", "chmod"]);
    Portcullis::new(["resolve", "--config", &config, path]).run().expect(0);
}

#[test]
fn links_to_trusted_files_are_followed() {
    let folder = Folder::new();
    let config = config(&folder);
    symlink(&config, folder.path().join("link.yaml")).unwrap();
    let link = folder.at("link.yaml");
    Portcullis::new(["resolve", "--config", &link, "-"]).stdin("a: ENC[k]\n").run().expect(0);
}

#[test]
fn a_component_that_others_can_change_does_not_load() {
    let folder = Folder::new();
    let config = format!(
        "version: 1\nproviders:\n  a:\n    component: in/a.wasm\n    filesystem: [{{ host: '{0}' }}]\n    config: {{ file_path: '{0}' }}\n",
        folder.at("s.json")
    );
    let config = folder.write("c.yaml", config);
    folder.write("s.json", r#"{"k":"v"}"#);
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-providers/dist/file.json.wasm");
    let component = folder.write("in/a.wasm", fs::read(built).unwrap());
    let arguments = ["resolve", "--config", config.to_str().unwrap(), "-"];
    let artefacts = folder.folder("artefacts");
    let run = |more: &[&str]| {
        let arguments = arguments.iter().chain(more);
        Portcullis::new(arguments).env("PORTCULLIS_ARTEFACTS", &artefacts).stdin("a: ENC[k]\n").run()
    };
    assert_eq!(run(&[]).expect(0).text(), "a: \"v\"\n");
    set_mode(&component, 0o620);
    let refused = run(&[]).expect(3);
    assert_eq!(refused.text(), "a: ENC[k]\n");
    let says = format!("{}: mode 0620", component.display());
    assert!(refused.stderr.contains(&says) && refused.stderr.contains("chmod go-w"), "{refused:?}");
    run(&["--allow-group-write"]).expect(0);
    // The same for a folder that stands in for the built-in ones.
    let builtins = folder.folder("builtins");
    fs::copy(built, builtins.join("file.json.wasm")).unwrap();
    set_mode(&builtins.join("file.json.wasm"), 0o602);
    let settings = format!("secret_backend_config: {{ file_path: '{}' }}\n", folder.at("s.json"));
    let document = format!("secret_backend_type: file.json\n{settings}a: ENC[k]\n");
    let arguments = ["resolve", "--builtins", builtins.to_str().unwrap(), "-"];
    let refused =
        Portcullis::new(arguments).env("PORTCULLIS_ARTEFACTS", &artefacts).stdin(document).run().expect(3);
    assert!(refused.stderr.contains("file.json.wasm: mode 0602"), "{refused:?}");
}
