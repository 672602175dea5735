//! The raw form: YAML as a tree with places.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};
use serde_saphyr::{Error, Location, Spanned};

use super::FileError;

/// A node of the tree.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// What a node is. Keys of a map keep their order and may repeat: readers refuse that with both places.
#[derive(Clone)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Value {
    /// The kind in words, for messages.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

impl Node {
    /// Reads one YAML document within a budget that no honest policy file comes near.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_reader_input_bytes: Some(4 * 1024 * 1024),
                max_events: 200_000,
                max_nodes: 100_000,
                max_total_scalar_bytes: 4 * 1024 * 1024,
                max_depth: 48,
                max_documents: 2,
                max_aliases: 1_000,
                max_anchors: 1_000,
            },
            alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 50_000 },
            duplicate_keys: DuplicateKeyPolicy::PassThrough,
            merge_keys: MergeKeyPolicy::Error,
            strict_booleans: true,
            leading_zero_numbers_as_strings: true,
            underscored_numbers_as_strings: true,
            reject_unsupported_tags: true,
            with_snippet: false,
        };
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let place = error.location().unwrap_or(Location::UNKNOWN);
            FileError {
                file: file.to_owned(),
                line: place.line().max(1),
                column: place.column().max(1),
                key: String::new(),
                problem: describe(&error),
            }
        })
    }
}

/// The parser's error in words for whoever wrote the file. Its own rendering repeats the place.
fn describe(error: &Error) -> String {
    match error {
        Error::ExternalMessage { msg, .. } | Error::Message { msg, .. } => format!("this is no YAML: {msg}"),
        Error::MultipleDocuments { .. } => {
            "a second document: expected one, so remove what follows `---`".into()
        }
        Error::MergeKeyNotAllowed { .. } => "merge keys (`<<`) are not taken: write the keys out".into(),
        Error::UnsupportedTag { .. } => "this tag is not taken: remove it".into(),
        Error::NonFiniteFloat { .. } => "expected a finite number".into(),
        Error::UnknownAnchor { .. } => "this alias has no anchor before it".into(),
        Error::Budget { .. } | Error::AliasReplayLimitExceeded { .. } => {
            "the file is larger, deeper or repeats more than a configuration can".into()
        }
        other => format!("this is no YAML that can be read here: {}", other.without_snippet()),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { value, line: referenced.line(), column: referenced.column() })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        serde_json::Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("expected a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Value::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(node: &Node) -> String {
        let value = match &node.value {
            Value::Null => "null".into(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => format!("n{value}"),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(render).collect::<Vec<_>>().join(" ")),
            Value::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{}={}", render(key), render(value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
            }
        };
        format!("{}:{}:{value}", node.line, node.column)
    }

    #[test]
    fn every_node_knows_its_place() {
        let table = [
            ("a: 1\nb: [x, yes]\n", r#"1:1:{1:1:"a"=1:4:n1 2:1:"b"=2:4:[2:5:"x" 2:8:"yes"]}"#),
            ("a: 1\na: 2\n", r#"1:1:{1:1:"a"=1:4:n1 2:1:"a"=2:4:n2}"#),
            (
                "a: &x {b: true}\nc: *x\n",
                r#"1:1:{1:1:"a"=1:7:{1:8:"b"=1:11:true} 2:1:"c"=2:4:{2:4:"b"=2:4:true}}"#,
            ),
            ("- 007\n- 1_000\n- 8s\n- ~\n", r#"1:1:[1:3:"007" 2:3:"1_000" 3:3:"8s" 4:3:null]"#),
        ];
        for (text, tree) in table {
            assert_eq!(render(&Node::parse("f", text).unwrap()), tree, "{text}");
        }
    }

    #[test]
    fn what_is_no_tree_is_an_error_with_a_place() {
        let deep = "[".repeat(100_000);
        let table = [
            ("a: [1\n", 1),
            ("a: 1\n---\nb: 2\n", 3),
            ("a: &x 1\n<<: *x\n", 2),
            ("a: *x\n", 1),
            ("a: !secret x\n", 1),
            (deep.as_str(), 1),
        ];
        for (text, line) in table {
            let error = Node::parse("f.yaml", text).map(|node| render(&node)).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.to_string().starts_with("f.yaml:"), "{error}");
        }
    }
}
