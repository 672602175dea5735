//! The keys at the top of a file that tell what it is, and their values. All else is passed over unread.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_saphyr::options::DuplicateKeyPolicy;

use super::ConfigError;

/// How the agent reads a key from a variable of its environment.
#[derive(Clone, Copy)]
enum Form {
    /// As it is.
    Text,
    /// Words with spaces between.
    List,
    /// A JSON object.
    Map,
}

/// Keys of an agent file that concern its secrets.
const AGENT_KEYS: &[(&str, Form)] = &[
    ("multi_secret_backends", Form::Map),
    ("run_path", Form::Text),
    ("secret_allowed_k8s_namespace", Form::List),
    ("secret_audit_file_max_size", Form::Text),
    ("secret_backend_command", Form::Text),
    ("secret_backend_config", Form::Map),
    ("secret_backend_output_max_size", Form::Text),
    ("secret_backend_remove_trailing_line_break", Form::Text),
    ("secret_backend_skip_checks", Form::Text),
    ("secret_backend_timeout", Form::Text),
    ("secret_backend_type", Form::Text),
    ("secret_image_to_handle", Form::Map),
    ("secret_refresh_allowlist", Form::List),
    ("secret_refresh_before_expiry", Form::Text),
    ("secret_refresh_interval", Form::Text),
    ("secret_refresh_on_file_change", Form::Text),
    ("secret_refresh_on_api_key_failure_interval", Form::Text),
    ("secret_refresh_scatter", Form::Text),
    ("secret_scope_integration_to_their_k8s_namespace", Form::Text),
];

/// The spelling of those keys.
fn agent_keys() -> impl Iterator<Item = &'static str> {
    AGENT_KEYS.iter().map(|(key, _)| *key)
}

/// Keys of a Portcullis file; both together make one.
const PORTCULLIS_KEYS: [&str; 2] = ["version", "providers"];

/// The text, where lines begin with both keys of a Portcullis file: it is one, most likely.
pub(super) fn looks_like_portcullis(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let has =
        |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    PORTCULLIS_KEYS.into_iter().all(has).then_some(text)
}

/// What stands at the top of the first document of a file.
#[derive(Default)]
pub(super) struct TopLevel(BTreeMap<&'static str, Value>);

impl TopLevel {
    /// Reads the first document. A document that is no map has no keys.
    pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Self, ConfigError> {
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_reader_input_bytes: None,
                max_events: usize::MAX,
                max_nodes: usize::MAX,
                max_total_scalar_bytes: usize::MAX,
                max_depth: 256,
                max_documents: usize::MAX,
            },
            // The agent takes the last of two equal keys.
            duplicate_keys: DuplicateKeyPolicy::LastWins,
            with_snippet: false,
        };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text =
            std::str::from_utf8(bytes).map_err(|error| syntax_utf8(name, bytes, error.valid_up_to()))?;
        // The excerpt first: its faults, if any, are found again in the whole, at their own places.
        let wanted: Vec<&str> = agent_keys().chain(PORTCULLIS_KEYS).collect();
        if let Some(excerpt) = super::excerpt::of(text, &wanted)
            && let Ok(top) = first_document(&excerpt, options.clone())
        {
            return Ok(top);
        }
        match first_document(text, options) {
            Ok(top) => Ok(top),
            Err(error) => {
                let place = error.location();
                Err(ConfigError::Syntax {
                    file: name.to_owned(),
                    line: place.map_or(1, |place| place.line()),
                    column: place.map_or(1, |place| place.column()),
                    problem: error.without_snippet().to_string(),
                })
            }
        }
    }

    /// Lays the agent's variables over the file: `DD_` and the key in capitals. One that is set wins.
    pub(super) fn overlay(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
        for (key, form) in AGENT_KEYS {
            let name = format!("DD_{}", key.to_ascii_uppercase());
            let Some(text) = variable(&name).filter(|text| !text.is_empty()) else { continue };
            let value = match form {
                Form::Text => Value::String(text),
                Form::List => text.split_ascii_whitespace().map(Value::from).collect(),
                Form::Map => serde_json::from_str(&text).map_err(|error| ConfigError::Agent {
                    file: "environment".to_owned(),
                    key: name,
                    // Of the text nothing is told: it may hold a credential.
                    problem: format!(
                        "expected a JSON object, line {} column {}",
                        error.line(),
                        error.column()
                    ),
                })?,
            };
            self.0.insert(key, value);
        }
        Ok(())
    }

    pub(super) fn is_portcullis(&self) -> bool {
        PORTCULLIS_KEYS.iter().all(|key| self.0.contains_key(key))
    }

    pub(super) fn first_agent_key(&self) -> Option<&'static str> {
        agent_keys().find(|key| self.0.contains_key(key))
    }

    /// The value of a key, where it has one that is not null.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }
}

/// The keys of the first document; none where there is no document.
fn first_document(text: &str, options: serde_saphyr::Options) -> Result<TopLevel, serde_saphyr::Error> {
    let mut reader = text.as_bytes();
    let mut documents = serde_saphyr::read_with_options::<_, TopLevel>(&mut reader, options);
    documents.next().unwrap_or_else(|| Ok(TopLevel::default()))
}

fn syntax_utf8(name: &str, bytes: &[u8], valid: usize) -> ConfigError {
    let before = bytes.get(..valid).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
    let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count();
    ConfigError::Syntax {
        file: name.to_owned(),
        line: line as u64,
        column: column.saturating_add(1) as u64,
        problem: "not UTF-8".to_owned(),
    }
}

impl<'de> Deserialize<'de> for TopLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TopVisitor)
    }
}

struct TopVisitor;

impl<'de> Visitor<'de> for TopVisitor {
    type Value = TopLevel;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TopLevel, A::Error> {
        let mut top = TopLevel::default();
        while let Some(Key(key)) = map.next_key()? {
            let known = agent_keys().chain(PORTCULLIS_KEYS).find(|known| *known == key);
            match known {
                Some(known) if known == "providers" => {
                    // Read properly, with places, by the policy crate.
                    map.next_value::<IgnoredAny>()?;
                    top.0.insert(known, Value::Bool(true));
                }
                Some(known) => drop(top.0.insert(known, map.next_value()?)),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(top)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<TopLevel, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(TopLevel::default())
    }

    fn visit_unit<E>(self) -> Result<TopLevel, E> {
        Ok(TopLevel::default())
    }

    fn visit_none<E>(self) -> Result<TopLevel, E> {
        Ok(TopLevel::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<TopLevel, E> {
        Ok(TopLevel::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<TopLevel, E> {
        Ok(TopLevel::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<TopLevel, E> {
        Ok(TopLevel::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<TopLevel, E> {
        Ok(TopLevel::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<TopLevel, E> {
        Ok(TopLevel::default())
    }
}

/// A key of any kind; only text can be one of ours.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, text: &str) -> Result<Key, E> {
                Ok(Key(text.to_owned()))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Key, E> {
                Ok(Key(String::new()))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Key, E> {
                Ok(Key(String::new()))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Key, E> {
                Ok(Key(String::new()))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Key, E> {
                Ok(Key(String::new()))
            }

            fn visit_unit<E>(self) -> Result<Key, E> {
                Ok(Key(String::new()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Key, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Key(String::new()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Key, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Key(String::new()))
            }
        }

        deserializer.deserialize_any(KeyVisitor)
    }
}
