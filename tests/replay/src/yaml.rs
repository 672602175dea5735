//! YAML by other readers than the one under test.

use std::collections::BTreeSet;

use serde::Deserialize as _;
use serde_json::{Map, Value};

/// The first document written as JSON, which every reader of YAML takes for the same: the meaning without its spelling.
/// Settings as for policy files; `None` where the text is not read at all.
pub(crate) fn plain(text: &str) -> Option<String> {
    let options = serde_saphyr::options! {
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options::<Value>(text, options).ok().map(|tree| tree.to_string())
}

/// Every document as a reader of libyaml's lineage has it: strings are strings, and everything else is told apart from
/// them. `None` where it refuses the text.
pub(crate) fn libyaml(text: &str) -> Option<Value> {
    let documents = serde_norway::Deserializer::from_str(text).map(serde_norway::Value::deserialize);
    documents.map(|document| Some(tree(document.ok()?))).collect::<Option<Vec<_>>>().map(Value::Array)
}

/// Whether an anchor's name is given twice. This reader then takes an alias for a later anchor than the one before it.
pub(crate) fn has_anchor_again(text: &str) -> bool {
    let ends = [' ', '\t', '\r', '\n', ',', '[', ']', '{', '}'];
    let mut seen = BTreeSet::new();
    text.split('&').skip(1).any(|rest| !seen.insert(rest.split(ends).next()))
}

fn tree(value: serde_norway::Value) -> Value {
    use serde_norway::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        // Not a JSON number: those of YAML have no end, and no equality.
        Yaml::Number(number) => Value::Object(Map::from_iter([(number.to_string(), Value::Null)])),
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => items.into_iter().map(tree).collect(),
        Yaml::Mapping(map) => {
            // A map by its order: keys need not be text.
            let entries = map.into_iter().map(|(key, value)| (tree(key).to_string(), tree(value)));
            Value::Object(entries.collect())
        }
        Yaml::Tagged(tagged) => tree(tagged.value),
    }
}
