//! What a variable says.

use serde_json::Value;

use super::names::Candidate;
use super::proxy;
use crate::tree::{Kind, Node};

/// The value of a setting: a tree where it is JSON, a list where the setting is one, else a string.
///
/// `instead_of` is what the file has there.
pub(super) fn of(candidate: &Candidate<'_>, instead_of: Option<&Node>) -> Node {
    let list = |items: &mut dyn Iterator<Item = &str>| Kind::List(items.map(Node::string).collect()).into();
    if let Some(items) = proxy::items(candidate.variable, candidate.text) {
        return list(&mut items.into_iter());
    }
    match serde_json::from_str(candidate.text) {
        Ok(json @ (Value::Array(_) | Value::Object(_))) => tree(json),
        _ if matches!(instead_of, Some(Node { kind: Kind::List(_), .. })) => {
            list(&mut candidate.text.split_whitespace())
        }
        _ => Node::string(candidate.text),
    }
}

/// JSON has a bound of depth where it is read, so this may call itself.
fn tree(json: Value) -> Node {
    let plain = |text: String| Kind::Scalar { text, plain: true };
    let kind = match json {
        Value::Null => plain("null".to_owned()),
        Value::Bool(truth) => plain(truth.to_string()),
        Value::Number(number) => plain(number.to_string()),
        Value::String(text) => Kind::Scalar { text, plain: false },
        Value::Array(items) => Kind::List(items.into_iter().map(tree).collect()),
        Value::Object(entries) => {
            Kind::Map(entries.into_iter().map(|(key, value)| (Node::string(&key), tree(value))).collect())
        }
    };
    kind.into()
}
