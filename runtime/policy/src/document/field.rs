//! Typed access to the tree: each access names the key, the place, what was expected and what was found.

use super::{FileError, Node, Value};
use crate::EscapedText;

/// Longest key in a path, in bytes; what is beyond is cut.
const KEY: usize = 64;

/// A node together with the path that leads to it.
#[derive(Clone)]
pub(crate) struct Field<'a> {
    file: &'a str,
    path: String,
    node: &'a Node,
}

/// A map with a fixed set of keys, each given at most once.
pub(crate) struct Section<'a> {
    field: Field<'a>,
    entries: Vec<(&'a str, Field<'a>)>,
}

/// User text inside a message: escaped and cut, in back quotes.
pub(crate) fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(64).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", cut.escape_debug())
}

impl<'a> Field<'a> {
    pub(crate) const fn root(file: &'a str, node: &'a Node) -> Self {
        Self { file, path: String::new(), node }
    }

    pub(crate) const fn line(&self) -> u64 {
        self.node.line
    }

    pub(crate) const fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// An error at this place.
    pub(crate) fn error(&self, problem: impl std::fmt::Display) -> FileError {
        FileError {
            file: self.file.to_owned(),
            line: self.node.line,
            column: self.node.column,
            key: self.path.clone(),
            problem: problem.to_string(),
        }
    }

    fn expected(&self, what: &str) -> FileError {
        self.error(format_args!("expected {what}, found {}", self.node.value.kind()))
    }

    fn below(&self, key: &str, node: &'a Node) -> Self {
        // A key is anybody's text: it makes no line of its own in a message.
        let key = EscapedText::new(key, KEY);
        let path = if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) };
        Self { file: self.file, path, node }
    }

    /// Text. A number or boolean is refused rather than rewritten: YAML would change its spelling.
    pub(crate) fn text(&self, what: &str) -> Result<&'a str, FileError> {
        match &self.node.value {
            Value::Text(text) => Ok(text),
            Value::Number(_) | Value::Bool(_) => Err(self.error(format_args!(
                "expected {what}, found {}: quote it to make it text",
                self.node.value.kind()
            ))),
            _ => Err(self.expected(what)),
        }
    }

    /// Text that is parsed further; the parser's message is the problem.
    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &self,
        what: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, FileError> {
        parse(self.text(what)?).map_err(|problem| self.error(problem))
    }

    /// Text or a whole number, as text: quantities may have no unit.
    pub(crate) fn quantity(&self) -> Result<String, FileError> {
        match &self.node.value {
            Value::Text(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(self.expected("a quantity such as `8s`, `64MiB` or `300`")),
        }
    }

    pub(crate) fn boolean(&self) -> Result<bool, FileError> {
        match self.node.value {
            Value::Bool(value) => Ok(value),
            _ => Err(self.expected("`true` or `false`")),
        }
    }

    /// One word of a closed list.
    pub(crate) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, FileError> {
        let names = || choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let text = self.text(&names())?;
        let chosen = choices.iter().find(|(name, _)| *name == text);
        chosen
            .map(|(_, value)| *value)
            .ok_or_else(|| self.error(format_args!("expected {}, found {}", names(), quoted(text))))
    }

    pub(crate) fn list(&self, what: &str) -> Result<Vec<Self>, FileError> {
        let Value::List(items) = &self.node.value else { return Err(self.expected(what)) };
        let item = |(index, node)| Self { file: self.file, path: format!("{}[{index}]", self.path), node };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// The entries of a map with free keys, each of which may be given once.
    pub(crate) fn entries(&self, what: &str) -> Result<Vec<(&'a str, Self)>, FileError> {
        let Value::Map(entries) = &self.node.value else { return Err(self.expected(what)) };
        let mut seen: std::collections::HashMap<&str, u64> = std::collections::HashMap::new();
        let mut fields = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let at_key = Self { node: key, ..self.clone() };
            let name = at_key.text("a key of text")?;
            if let Some(line) = seen.insert(name, key.line) {
                let at_key = self.below(name, key);
                return Err(at_key.error(format_args!(
                    "a second {} (the first is on line {line}): keep one",
                    quoted(name)
                )));
            }
            fields.push((name, self.below(name, value)));
        }
        Ok(fields)
    }

    /// A map with these keys and no other.
    pub(crate) fn section(&self, what: &str, keys: &[&str]) -> Result<Section<'a>, FileError> {
        let entries = self.entries(what)?;
        if let Some((name, _)) = entries.iter().find(|(name, _)| !keys.contains(name)) {
            let problem = format!("unknown key {}: expected {}", quoted(name), keys.join(", "));
            return Err(self.key_place(name).error(problem));
        }
        Ok(Section { field: self.clone(), entries })
    }

    /// The place of a key rather than of its value.
    fn key_place(&self, name: &str) -> Self {
        let Value::Map(entries) = &self.node.value else { return self.clone() };
        let key = entries
            .iter()
            .map(|(key, _)| key)
            .find(|key| matches!(&key.value, Value::Text(text) if text == name));
        key.map_or_else(|| self.clone(), |key| self.below(name, key))
    }

    /// The node as JSON, for settings that are passed on. Keys may be given once.
    pub(crate) fn json(&self) -> Result<serde_json::Value, FileError> {
        use serde_json::Value as Json;
        Ok(match &self.node.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(_) => {
                Json::Array(self.list("a list")?.iter().map(Self::json).collect::<Result<_, _>>()?)
            }
            Value::Map(_) => Json::Object(self.json_map("a map")?),
        })
    }

    /// The node as a JSON object.
    pub(crate) fn json_map(
        &self,
        what: &str,
    ) -> Result<serde_json::Map<String, serde_json::Value>, FileError> {
        self.entries(what)?.into_iter().map(|(key, value)| Ok((key.to_owned(), value.json()?))).collect()
    }
}

impl<'a> Section<'a> {
    /// The value of a key, where the key is given.
    pub(crate) fn get(&self, key: &str) -> Option<&Field<'a>> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, field)| field)
    }

    /// The value of a key that must be given.
    pub(crate) fn require(&self, key: &str, what: &str) -> Result<&Field<'a>, FileError> {
        self.get(key)
            .ok_or_else(|| self.field.error(format_args!("the key `{key}` is missing: expected {what}")))
    }

    /// The map itself.
    pub(crate) const fn field(&self) -> &Field<'a> {
        &self.field
    }
}
