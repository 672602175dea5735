//! References in a document, and values in their places.

mod events;

use std::collections::BTreeMap;

use portcullis_secrets::{Document, Format, Handle, ScanError, handle_in};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::place::{assert_one_line, assert_within};
use crate::yaml;

/// Separates the text and the values; no byte of a UTF-8 text.
const SEPARATOR: u8 = 0xff;

/// Values for handles beyond those of the input: what is most easily written wrong.
const VALUES: [&str; 8] =
    ["", "ENC[h]", "a: b # c", "\"'\\\n\r\t", "\u{1}\u{85}\u{2028}\u{feff}", "😀", "- x\n---\n", "true"];

/// The values of a document's handles.
type Values = BTreeMap<Handle, SecretString>;

/// Any bytes, a text and behind each byte 0xff a value: an error with its place, or a document in which
///
/// * no value leaves every byte as it was;
/// * the parser's events after a splice are those before it, but for the references, which are now exactly the values;
/// * other readers, where they see the same references, see the same tree with the values in their places.
pub fn splice(data: &[u8]) {
    let mut pieces = data.split(|byte| *byte == SEPARATOR);
    let bytes = pieces.next().unwrap_or_default();
    let given: Vec<String> = pieces.map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    for (name, format) in [("f.yaml", Format::Yaml), ("f.json", Format::Json), ("f", Format::Detect)] {
        match Document::scan(name, bytes, format) {
            Ok(document) => scanned(bytes, &document, &given, format),
            Err(error) => refused(bytes, &error),
        }
    }
}

fn refused(bytes: &[u8], error: &ScanError) {
    assert_one_line(&error.to_string());
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap(),
    };
    assert_within(valid, error.line() as u64, error.column() as u64);
}

fn scanned(bytes: &[u8], document: &Document<'_>, given: &[String], format: Format) {
    let text = std::str::from_utf8(bytes).expect("only UTF-8 is scanned");
    assert!(*document.splice(&Values::new()) == *bytes, "nothing to splice, and something changed");
    for place in document.places() {
        assert_within(text, place.line() as u64, place.column() as u64);
        assert!(document.handles().contains(place.handle()));
        assert!(!place.path().to_string().chars().any(char::is_control));
    }
    for handle in document.handles() {
        assert!(document.places().any(|place| place.handle() == handle), "{handle} is nowhere");
    }
    let values = |leave: usize| -> Values {
        let chosen = given.iter().map(String::as_str).chain(VALUES.into_iter().cycle());
        let pairs = document.handles().iter().zip(chosen).skip(leave);
        pairs.map(|(handle, value)| (handle.clone(), value.into())).collect()
    };
    // All handles; and all but the first, which keeps its place.
    for leave in 0..document.handles().len().min(2) {
        spliced(text, document, &values(leave), format);
    }
}

fn spliced(text: &str, document: &Document<'_>, values: &Values, format: Format) {
    let bytes = document.splice(values);
    assert_eq!(bytes.len(), bytes.capacity(), "the buffer grew, or was too large");
    let after = std::str::from_utf8(&bytes).expect("a splice of texts is text");
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    // A text that is JSON is spliced as JSON, whatever a reader of YAML makes of it.
    let is_json = || Document::scan("f.json", text.as_bytes(), Format::Json).is_ok();
    if format == Format::Yaml || (format == Format::Detect && !is_json()) {
        events::assert_spliced(text, after, values);
    }
    for (reader, read) in [("JSON", &json as &dyn Fn(&str) -> Option<Value>), ("libyaml", &yaml::libyaml)] {
        if reader == "libyaml" && yaml::has_anchor_again(text) {
            continue;
        }
        let Some(mut expected) = read(text) else { continue };
        let mut seen = Vec::new();
        replace(&mut expected, values, &mut seen, 0);
        if !document.places().map(|place| place.handle()).eq(&seen) {
            continue;
        }
        let found = read(after).unwrap_or_else(|| panic!("{reader} refuses {after:?} made from {text:?}"));
        assert!(found == expected, "{reader} reads {after:?} made from {text:?} as {found}");
    }
}

/// Puts the values into the tree as a reader has it, and notes which references were there. A root is no reference.
fn replace(tree: &mut Value, values: &Values, seen: &mut Vec<Handle>, depth: usize) {
    match tree {
        Value::String(text) => {
            let Some(handle) = handle_in(text).filter(|_| depth > 0) else { return };
            if let Some(value) = values.get(&handle) {
                value.expose_secret().clone_into(text);
            }
            seen.push(handle);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, values, seen, depth + 1)),
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, values, seen, depth + 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
