//! Settings in the form of `wasi:config/store`.

use crate::json::{Value, write_value};

/// The settings as pairs of texts: nested keys dotted, list items by index, and the whole as JSON under the
/// empty key.
///
/// Null, and an empty list or map, has no pair of its own. Where two pairs have one name, the later counts.
///
/// ```
/// use portcullis_compat::{json::parse, settings::flatten};
///
/// let pairs = flatten(&parse(br#"{"aws_session":{"aws_region":"eu-west-1"},"keys":["a","b"]}"#)?);
/// let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
/// assert_eq!(
///     pairs,
///     [
///         ("aws_session.aws_region", "eu-west-1"),
///         ("keys.0", "a"),
///         ("keys.1", "b"),
///         ("", r#"{"aws_session":{"aws_region":"eu-west-1"},"keys":["a","b"]}"#),
///     ]
/// );
/// # Ok::<(), portcullis_compat::json::SyntaxError>(())
/// ```
#[must_use]
pub fn flatten(settings: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    push(&mut pairs, "", settings);
    let mut whole = String::new();
    write_value(&mut whole, settings);
    pairs.push((String::new(), whole));
    pairs
}

fn push(pairs: &mut Vec<(String, String)>, path: &str, value: &Value) {
    let text = match value {
        Value::Null => return,
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                push(pairs, &below(path, &at.to_string()), item);
            }
            return;
        }
        Value::Object(members) => {
            for (key, member) in members {
                push(pairs, &below(path, key), member);
            }
            return;
        }
        Value::Bool(flag) => flag.to_string(),
        Value::Number(text) | Value::String(text) => text.clone(),
    };
    if path.is_empty() {
        return;
    }
    pairs.push((path.to_owned(), text));
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
