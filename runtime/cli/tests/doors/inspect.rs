//! What components are and ask for.

use std::fs;

use crate::support::{Folder, Portcullis};

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-providers/dist");

/// Every built-in type imports the same, in this order, and nothing that reaches the network.
const IMPORTS: &[(&str, Option<&str>, &str)] = &[
    ("wasi:config/store@0.2.0-rc.1", None, "always linked: no authority"),
    ("wasi:clocks/wall-clock@0.2.12", None, "always linked: no authority"),
    (
        "wasi:filesystem/types@0.2.12",
        Some("filesystem"),
        "granted by `filesystem`, or denied by `filesystem: []`",
    ),
    (
        "wasi:filesystem/preopens@0.2.12",
        Some("filesystem"),
        "granted by `filesystem`, or denied by `filesystem: []`",
    ),
    ("portcullis:secrets/types@0.1.0", None, "always linked: no authority"),
];
const TYPES: &[&str] = &["docker.secrets", "file.json", "file.text", "file.yaml", "k8s.file"];

/// The digest of a component by the tool that the documentation names.
fn sha256sum(path: &str) -> String {
    let output = std::process::Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

fn expected_text(shown: &str, name: &str) -> String {
    let path = format!("{DIST}/{name}.wasm");
    let size = fs::metadata(&path).unwrap().len();
    let mut text = format!(
        "{shown}\n  digest   sha256:{}\n  size     {size} bytes\n  exports  portcullis:secrets/provider@0.1.0\n  imports\n",
        sha256sum(&path)
    );
    for (interface, _, granted_by) in IMPORTS {
        text.push_str(&format!("    {interface:31}  {granted_by}\n"));
    }
    text
}

#[test]
fn the_built_in_components_are_shown() {
    let run = Portcullis::new(["inspect", "--builtin"]).run().expect(0);
    let expected: Vec<String> = TYPES.iter().map(|name| expected_text(name, name)).collect();
    assert_eq!(run.text(), expected.join("\n"));
    assert_eq!(run.stderr, "");
    let folder = Portcullis::new(["inspect", "--builtin", "--builtins", DIST]).run().expect(0);
    assert_eq!(folder.text(), run.text(), "a folder that stands in for them is shown alike");
}

#[test]
fn the_built_in_components_are_shown_to_programs() {
    let shown = Portcullis::new(["inspect", "--builtin", "--json"]).run().expect(0).json();
    let expected: Vec<serde_json::Value> = TYPES
        .iter()
        .map(|name| {
            let path = format!("{DIST}/{name}.wasm");
            let imports: Vec<_> = IMPORTS
                .iter()
                .map(|(interface, key, by)| serde_json::json!({ "interface": interface, "key": key, "granted_by": by }))
                .collect();
            serde_json::json!({
                "name": name,
                "digest": format!("sha256:{}", sha256sum(&path)),
                "bytes": fs::metadata(&path).unwrap().len(),
                "imports": imports,
                "exports": ["portcullis:secrets/provider@0.1.0"],
            })
        })
        .collect();
    assert_eq!(shown, serde_json::Value::from(expected));
}

#[test]
fn a_component_file_is_shown() {
    let path = format!("{DIST}/file.json.wasm");
    let run = Portcullis::new(["inspect", &path]).run().expect(0);
    assert_eq!(run.text(), expected_text(&path, "file.json"));
    let shown = Portcullis::new(["inspect", "--json", &path]).run().expect(0).json();
    assert_eq!(shown[0]["name"], path.as_str());
}

#[test]
fn what_is_no_component_is_refused_by_name() {
    let folder = Folder::new();
    let text = folder.write("text.wasm", "not a component");
    let empty = folder.write("empty.wasm", "");
    // A core module: the same magic bytes, another layer.
    let module = folder.write("module.wasm", b"\0asm\x01\0\0\0");
    let cut = folder.write("cut.wasm", &fs::read(format!("{DIST}/file.json.wasm")).unwrap()[..1000]);
    for path in [text, empty, module, cut] {
        let path = path.to_str().unwrap();
        Portcullis::new(["inspect", path]).run().refused(2, &[path, "component"]);
    }
    Portcullis::new(["inspect", "/none"]).run().refused(2, &["cannot read /none: No such file"]);
    Portcullis::new(["inspect", "/"]).run().refused(2, &["cannot read /: Is a directory"]);
    Portcullis::new(["inspect"]).run().refused(2, &["COMPONENT"]);
    Portcullis::new(["inspect", "x", "--builtin"]).run().refused(2, &["cannot be used with"]);
    let none = folder.folder("none");
    Portcullis::new(["inspect", "--builtin", "--builtins", none.to_str().unwrap()])
        .run()
        .refused(2, &["no components"]);
}
