//! Shared by the integration tests: a splice in one call, and readers of other make that say what a text means.

#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod store;

use std::collections::BTreeMap;

use portcullis_secrets::{Document, Format, Handle};
use secrecy::SecretString;
use serde_json::{Map, Value};

/// Values for handles, from pairs of text.
pub(crate) fn values<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<Handle, SecretString> {
    pairs.into_iter().map(|(handle, value)| (Handle::new(handle), value.into())).collect()
}

/// The text with these values in place. The buffer must have been of the right size from the start.
pub(crate) fn spliced(text: &str, format: Format, values: &BTreeMap<Handle, SecretString>) -> String {
    let document =
        Document::scan("test", text.as_bytes(), format).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let bytes = document.splice(values);
    assert_eq!(bytes.len(), bytes.capacity(), "the buffer grew or was too large for {text:?}");
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// `handle @ path` of every place, in order.
pub(crate) fn places(text: &str, format: Format) -> Vec<String> {
    let document =
        Document::scan("test", text.as_bytes(), format).unwrap_or_else(|error| panic!("{error}\n{text}"));
    document.places().map(|place| format!("{} @ {}", place.handle(), place.path())).collect()
}

/// A reader: its name and what it says that the first document of a text means.
pub(crate) type Reader = (&'static str, fn(&str) -> Result<Value, String>);

/// Readers of YAML: of libyaml's lineage (as the agents' Go parsers are), of yaml-rust's, and the one whose events the
/// scan itself uses.
pub(crate) const YAML_READERS: [Reader; 3] =
    [("libyaml", libyaml), ("yaml-rust2", yaml_rust), ("saphyr", saphyr)];

/// The reader of JSON.
pub(crate) const JSON_READER: Reader =
    ("serde_json", |text| serde_json::from_str(text).map_err(|error| error.to_string()));

fn libyaml(text: &str) -> Result<Value, String> {
    use serde::Deserialize as _;
    let Some(document) = serde_norway::Deserializer::from_str(text).next() else { return Ok(Value::Null) };
    let mut value = serde_norway::Value::deserialize(document).map_err(|error| error.to_string())?;
    value.apply_merge().map_err(|error| error.to_string())?;
    Ok(from_norway(value))
}

fn from_norway(value: serde_norway::Value) -> Value {
    use serde_norway::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => Value::String(format!("number {number}")),
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => items.into_iter().map(from_norway).collect(),
        Yaml::Mapping(map) => {
            map.into_iter().map(|(key, value)| (key_text(&from_norway(key)), from_norway(value))).collect()
        }
        Yaml::Tagged(tagged) => from_norway(tagged.value),
    }
}

fn yaml_rust(text: &str) -> Result<Value, String> {
    let documents = yaml_rust2::YamlLoader::load_from_str(text).map_err(|error| error.to_string())?;
    Ok(documents.into_iter().next().map_or(Value::Null, from_yaml_rust))
}

fn from_yaml_rust(value: yaml_rust2::Yaml) -> Value {
    use yaml_rust2::Yaml;
    match value {
        Yaml::String(text) => Value::String(text),
        Yaml::Integer(number) => Value::String(format!("number {number}")),
        Yaml::Real(number) => Value::String(format!("number {number}")),
        Yaml::Boolean(flag) => Value::Bool(flag),
        Yaml::Array(items) => items.into_iter().map(from_yaml_rust).collect(),
        Yaml::Hash(map) => {
            let mut merged = Map::new();
            let mut own = Map::new();
            for (key, value) in map {
                match (key_text(&from_yaml_rust(key)), from_yaml_rust(value)) {
                    (key, Value::Object(base)) if key == "<<" => merged.extend(base),
                    (key, value) => drop(own.insert(key, value)),
                }
            }
            merged.extend(own);
            Value::Object(merged)
        }
        _ => Value::Null,
    }
}

fn saphyr(text: &str) -> Result<Value, String> {
    let first: Option<Value> =
        serde_saphyr::from_multiple(text).map_err(|error| error.to_string())?.into_iter().next();
    Ok(numbers_as_text(first.unwrap_or(Value::Null)))
}

fn numbers_as_text(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(format!("number {number}")),
        Value::Array(items) => items.into_iter().map(numbers_as_text).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, numbers_as_text(value))).collect(),
        other => other,
    }
}

fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => text.strip_prefix("number ").unwrap_or(text).to_owned(),
        other => other.to_string(),
    }
}
