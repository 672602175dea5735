//! The agent's own file with a setting of its environment.

use portcullis_agent::configs::Environment;
use portcullis_secrets::{Document, Format};
use serde_json::Value;

/// What the variable says. No text has it before.
const REFERENCE: &str = "ENC[of-the-environment]";

/// Any text. It stays as it is, or it has the setting, and then
/// * it does not change once more;
/// * where handles were found in it, they are found in it still, and that of the setting with them;
/// * another reader sees the same settings but for this one, where the text ends with its line.
pub fn merge(text: &[u8]) {
    if text.windows(REFERENCE.len()).any(|window| window == REFERENCE.as_bytes()) {
        return;
    }
    let environment = Environment::new([("DD_API_KEY", REFERENCE)]);
    let merged = environment.merge(text);
    let Some(after) = merged.text else {
        assert!(!merged.left_out.is_empty(), "neither taken nor left out");
        return;
    };
    let again = environment.merge(&after).text.expect("a text of our own is read");
    assert!(*again == *after, "{:?} became another text", String::from_utf8_lossy(&after));

    let after = std::str::from_utf8(&after).expect("what was a text is one");
    let document = Document::scan("f", after.as_bytes(), Format::Yaml).expect("what is YAML for us is YAML");
    assert!(document.handles().iter().any(|handle| handle.as_str() == "of-the-environment"), "{after:?}");
    let Ok(before) = std::str::from_utf8(text) else { panic!("not UTF-8, and taken") };
    // A block scalar that a text ends in is another one for agents than for this reader.
    if before.ends_with('\n') {
        seen_by_others(before, after);
    }
}

fn seen_by_others(before: &str, after: &str) {
    let read = |text: &str| serde_saphyr::from_multiple::<Value>(text).ok();
    let Some(mut before) = read(before) else { return };
    let found = read(after).unwrap_or_else(|| panic!("not read: {after:?}"));
    // This reader leaves out documents that have nothing in them, as the first may have had.
    if before.len() < found.len() {
        before.insert(0, Value::Null);
    }
    assert_eq!(before.len(), found.len(), "documents of {after:?}");
    for (before, found) in before.iter().zip(&found) {
        assert!(is_same(before, found), "{before} became {found} in {after:?}");
    }
}

/// The same but for the setting, wherever it is.
fn is_same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            before.keys().all(|key| after.contains_key(key))
                && after.iter().all(|(key, after)| match before.get(key) {
                    Some(before) => is_same(before, after),
                    None => has_setting(after),
                })
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| is_same(before, after))
                || has_setting(&Value::Array(after.clone()))
        }
        (before, after) => before == after || has_setting(after),
    }
}

fn has_setting(tree: &Value) -> bool {
    match tree {
        Value::String(text) => text == REFERENCE,
        Value::Array(items) => items.iter().any(has_setting),
        Value::Object(entries) => entries.values().any(has_setting),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
