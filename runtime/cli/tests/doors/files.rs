//! What operators and orchestrators do to the files behind a provider.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::json;

use crate::support::{Folder, Portcullis, set_mode};
use crate::trust::fifo;

/// One request; the value, or the error, of each handle.
fn ask(backend_type: &str, setting: &str, path: &str, handles: &[&str]) -> Vec<Result<String, String>> {
    let request = json!({ "secrets": handles, "type": backend_type, "config": { setting: path } });
    let answer = Portcullis::new(["exec"]).stdin(request.to_string()).run().expect(0).json();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let outcome =
        |handle: &&str| text(&answer[handle]["value"]).ok_or_else(|| text(&answer[handle]["error"]).unwrap());
    handles.iter().map(outcome).collect()
}

fn value(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

#[test]
fn a_mounted_secret_is_read_and_its_swap_is_seen() {
    for backend_type in ["k8s.file", "file.text", "docker.secrets"] {
        let folder = Folder::new();
        folder.mount("2026_01_01", "token", "first");
        let path = folder.at("mounted");
        assert_eq!(ask(backend_type, "secrets_path", &path, &["token"]), [value("first")]);
        folder.mount("2026_01_02", "token", "second");
        fs::remove_dir_all(folder.path().join("mounted/..2026_01_01")).unwrap();
        let absolute = format!("{path}/token");
        assert_eq!(
            ask(backend_type, "secrets_path", &path, &["token", &absolute]),
            [value("second"), value("second")]
        );
    }
}

/// A single file of such a mount: its links lead to a neighbour, never further.
#[test]
fn a_single_file_of_a_mounted_secret_is_read() {
    let folder = Folder::new();
    folder.mount("2026_01_01", "token", r#"{"k":"first"}"#);
    let path = folder.at("mounted/token");
    assert_eq!(ask("file.json", "file_path", &path, &["k"]), [value("first")]);
    folder.mount("2026_01_02", "token", r#"{"k":"second"}"#);
    assert_eq!(ask("file.json", "file_path", &path, &["k"]), [value("second")]);
}

#[test]
fn a_replaced_file_is_read_anew_by_the_next_batch() {
    let folder = Folder::new();
    let path = folder.write("s.json", r#"{"k":"first"}"#);
    let path = path.to_str().unwrap();
    assert_eq!(ask("file.json", "file_path", path, &["k"]), [value("first")]);
    folder.write("new", r#"{"k":"second"}"#);
    fs::rename(folder.at("new"), path).unwrap();
    assert_eq!(ask("file.json", "file_path", path, &["k"]), [value("second")]);
    fs::remove_file(path).unwrap();
    let [Err(gone)] = &ask("file.json", "file_path", path, &["k"])[..] else { panic!("it is gone") };
    assert!(gone.contains("no such file or directory"), "{gone}");
}

#[test]
fn what_leads_out_of_the_folder_is_refused() {
    let folder = Folder::new();
    folder.write("in/inside", "inside");
    folder.write("out/secret", "outside");
    let at = |name: &str| folder.path().join("in").join(name);
    symlink("../out/secret", at("relative")).unwrap();
    symlink(folder.path().join("out/secret"), at("absolute")).unwrap();
    symlink("../out", at("folder")).unwrap();
    symlink("relative", at("twice")).unwrap();
    symlink("loop", at("loop")).unwrap();
    symlink("sub/../inside", at("dots")).unwrap();
    folder.folder("in/sub");
    symlink("/etc/passwd", at("passwd")).unwrap();
    let outside = folder.at("out/secret");
    let handles = [
        "inside",
        "dots",
        "relative",
        "absolute",
        "folder/secret",
        "twice",
        "loop",
        "passwd",
        "../out/secret",
        &outside,
    ];
    for backend_type in ["file.text", "k8s.file", "docker.secrets"] {
        let outcomes = ask(backend_type, "secrets_path", &folder.at("in"), &handles);
        let (fine, refused) = outcomes.split_at(2);
        assert_eq!(fine, [value("inside"), value("inside")], "{backend_type}");
        for (outcome, handle) in refused.iter().zip(&handles[2..]) {
            assert!(outcome.is_err(), "{backend_type}: {handle} is {outcome:?}");
        }
    }
}

/// The operator named the link itself, so what it leads to is what was granted.
#[test]
fn a_setting_that_is_a_link_is_followed() {
    let folder = Folder::new();
    folder.write("real/s.json", r#"{"k":"v"}"#);
    folder.write("real/k", "v");
    symlink("real/s.json", folder.path().join("link.json")).unwrap();
    symlink("real", folder.path().join("link")).unwrap();
    assert_eq!(ask("file.json", "file_path", &folder.at("link.json"), &["k"]), [value("v")]);
    assert_eq!(ask("file.text", "secrets_path", &folder.at("link"), &["k"]), [value("v")]);
}

#[test]
fn what_is_no_regular_file_neither_hangs_nor_answers() {
    let folder = Folder::new();
    folder.write("in/fine", "v");
    fifo(&folder.path().join("in/fifo"));
    symlink("/dev/zero", folder.path().join("in/zero")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(folder.path().join("in/socket")).unwrap();
    folder.folder("in/sub");
    let outcomes =
        ask("file.text", "secrets_path", &folder.at("in"), &["fine", "fifo", "zero", "socket", "sub", ""]);
    assert_eq!(outcomes[0], value("v"));
    for outcome in &outcomes[1..] {
        assert!(outcome.is_err(), "{outcomes:?}");
    }
    drop(socket);
    for backend_type in ["file.json", "file.yaml"] {
        for name in ["in/fifo", "in/zero", "in/sub"] {
            let outcomes = ask(backend_type, "file_path", &folder.at(name), &["k"]);
            assert!(outcomes[0].is_err(), "{backend_type} {name}: {outcomes:?}");
        }
        let outcomes = ask(backend_type, "file_path", "/dev/zero", &["k"]);
        assert!(outcomes[0].is_err(), "{backend_type}: {outcomes:?}");
    }
}

#[test]
fn a_file_that_this_user_may_not_read_is_an_error() {
    if crate::support::root() {
        eprintln!("left out: root may read everything");
        return;
    }
    let folder = Folder::new();
    set_mode(&folder.write("in/k", "v"), 0o000);
    let outcomes = ask("file.text", "secrets_path", &folder.at("in"), &["k"]);
    assert_eq!(outcomes, [Err("permission denied reading secret 'k'".to_owned())]);
}

/// Without a setting, docker.secrets reads its own folder.
#[test]
fn the_default_folder_of_docker_secrets_is_its_own() {
    let request = r#"{"secrets":["a"],"type":"docker.secrets"}"#;
    let answer = Portcullis::new(["exec"]).stdin(request).run().expect(0).json();
    let error = answer["a"]["error"].as_str().unwrap();
    let expected = if Path::new("/run/secrets").exists() {
        "failed to stat secret file 'a': stat /run/secrets/a: no such file or directory"
    } else {
        "secrets path '/run/secrets' is not accessible: stat /run/secrets: no such file or directory"
    };
    assert_eq!(error, expected);
}
