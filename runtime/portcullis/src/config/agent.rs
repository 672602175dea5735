//! The backend settings of an agent file, with the agent's own precedence.

use std::collections::BTreeMap;

use portcullis_compat::json::Value as Settings;
use portcullis_policy::ProviderName;
use serde_json::Value;

use super::ConfigError;
use super::keys::TopLevel;

/// How deep `secret_backend_config` may nest.
const MAX_DEPTH: usize = 32;

/// What an agent file says about its secret backends.
#[derive(Debug)]
pub struct AgentSettings {
    /// The backends.
    pub backends: AgentBackends,
    /// `secret_backend_timeout`, in whole seconds; never zero.
    pub timeout: Option<u64>,
    /// `secret_backend_output_max_size`, in bytes.
    pub output_max_size: Option<u64>,
    /// `secret_backend_remove_trailing_line_break`: trailing `\r` and `\n` of each value go.
    pub remove_trailing_line_break: bool,
}

/// One backend for every handle, or several by name.
#[derive(Debug)]
#[non_exhaustive]
pub enum AgentBackends {
    /// `multi_secret_backends`: by lower-cased name, in the order of the names.
    Multi(Vec<(String, AgentBackend)>),
    /// `secret_backend_type` and `secret_backend_config`.
    One(AgentBackend),
}

/// A backend by type.
#[derive(Debug)]
pub struct AgentBackend {
    /// The type: `file.json`. Compared exactly.
    pub backend_type: String,
    /// Its settings, not decoded yet.
    pub settings: Settings,
}

impl AgentSettings {
    /// Compiles the keys at the top of an agent file. A type wins over several backends, as in the agent.
    pub(super) fn compile(file: &str, top: &TopLevel) -> Result<Self, ConfigError> {
        let reader = Reader::new(file, top);
        Ok(Self {
            backends: reader.backends()?,
            // Zero is the default to the connector and "never" to the agent, which nobody can mean.
            timeout: reader.number("secret_backend_timeout")?.filter(|seconds| *seconds > 0),
            output_max_size: reader.number("secret_backend_output_max_size")?,
            remove_trailing_line_break: reader.flag("secret_backend_remove_trailing_line_break")?,
        })
    }
}

/// Reads the values of keys as what they have to be.
pub(super) struct Reader<'a> {
    file: &'a str,
    top: &'a TopLevel,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(file: &'a str, top: &'a TopLevel) -> Self {
        Self { file, top }
    }

    fn backends(&self) -> Result<AgentBackends, ConfigError> {
        if let Some(backend_type) = self.text("secret_backend_type")? {
            if self.top.get("multi_secret_backends").is_some() {
                tracing::warn!(
                    file = self.file,
                    "secret_backend_type takes precedence over multi_secret_backends, which is ignored"
                );
            }
            let settings = self.settings("secret_backend_config", self.top.get("secret_backend_config"))?;
            return Ok(AgentBackends::One(AgentBackend { backend_type, settings }));
        }
        match self.top.get("multi_secret_backends") {
            Some(backends) => self.multi(backends),
            None => Err(ConfigError::NoBackend { file: self.file.to_owned(), hint: self.hint() }),
        }
    }

    pub(super) fn multi(&self, backends: &Value) -> Result<AgentBackends, ConfigError> {
        let key = "multi_secret_backends";
        let Value::Object(backends) = backends else {
            return Err(self.wrong(key, "a map of backend names", backends));
        };
        let mut named = Vec::with_capacity(backends.len());
        for (name, backend) in backends {
            let at = format!("{key}.{name}");
            if let Err(error) = ProviderName::new(&name.to_lowercase()) {
                return Err(self.error(&at, &error.to_string()));
            }
            let backend_type = match backend.get("type") {
                Some(Value::String(backend_type)) => backend_type.clone(),
                Some(other) => return Err(self.wrong(&format!("{at}.type"), "text", other)),
                None => return Err(self.error(&at, "`type` is missing; name one, such as `type: file.json`")),
            };
            let settings = self.settings(&format!("{at}.config"), backend.get("config"))?;
            named.push((name.to_lowercase(), AgentBackend { backend_type, settings }));
        }
        named.sort_by(|(a, _), (b, _)| a.cmp(b));
        if let Some([(first, _), _]) = named.array_windows().find(|[(a, _), (b, _)]| a == b) {
            return Err(
                self.error(&format!("{key}.{first}"), "the same name twice, once the case is ignored")
            );
        }
        Ok(AgentBackends::Multi(named))
    }

    /// Why a file without a backend may have none that counts here.
    fn hint(&self) -> &'static str {
        if self.top.get("secret_backend_command").is_some() {
            ", and `secret_backend_command` is not run: backends run in the sandbox only"
        } else if self.top.get("providers").is_some() {
            ", and `providers` counts beside `version: 1` only: add that line"
        } else {
            ""
        }
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        match self.top.get(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(self.wrong(key, "text", other)),
        }
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<u64>, ConfigError> {
        match self.top.get(key) {
            None => Ok(None),
            Some(value) => match value.as_u64().or_else(|| value.as_str()?.parse().ok()) {
                Some(number) => Ok(Some(number)),
                None => Err(self.wrong(key, "a whole number", value)),
            },
        }
    }

    fn flag(&self, key: &str) -> Result<bool, ConfigError> {
        self.flag_or(key, false)
    }

    pub(super) fn flag_or(&self, key: &str, default: bool) -> Result<bool, ConfigError> {
        match self.top.get(key) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if text == "true" => Ok(true),
            Some(Value::String(text)) if text == "false" => Ok(false),
            Some(other) => Err(self.wrong(key, "true or false", other)),
        }
    }

    fn settings(&self, key: &str, value: Option<&Value>) -> Result<Settings, ConfigError> {
        match value {
            None | Some(Value::Null) => Ok(Settings::Object(Vec::new())),
            Some(map @ Value::Object(_)) => {
                convert(map, MAX_DEPTH).ok_or_else(|| self.error(key, "nested too deeply"))
            }
            Some(other) => Err(self.wrong(key, "a map", other)),
        }
    }

    /// A list of texts; none where there is no such key.
    pub(super) fn list(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        self.top.get(key).map_or_else(|| Ok(Vec::new()), |value| self.texts(key, value))
    }

    fn texts(&self, key: &str, value: &Value) -> Result<Vec<String>, ConfigError> {
        let Value::Array(items) = value else { return Err(self.wrong(key, "a list", value)) };
        let text = |item: &Value| {
            item.as_str().map(str::to_owned).ok_or_else(|| self.wrong(key, "a list of texts", item))
        };
        items.iter().map(text).collect()
    }

    /// A map of lists of texts; empty where there is no such key.
    pub(super) fn lists(&self, key: &str) -> Result<BTreeMap<String, Vec<String>>, ConfigError> {
        match self.top.get(key) {
            None => Ok(BTreeMap::new()),
            Some(Value::Object(map)) => map
                .iter()
                .map(|(name, list)| Ok((name.clone(), self.texts(&format!("{key}.{name}"), list)?)))
                .collect(),
            Some(other) => Err(self.wrong(key, "a map of lists", other)),
        }
    }

    fn wrong(&self, key: &str, expected: &str, found: &Value) -> ConfigError {
        let found = match found {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        };
        self.error(key, &format!("expected {expected}, found {found}"))
    }

    fn error(&self, key: &str, problem: &str) -> ConfigError {
        ConfigError::Agent { file: self.file.to_owned(), key: key.to_owned(), problem: problem.to_owned() }
    }
}

/// The same value in the form that the reference's decoding rules work on.
pub(crate) fn convert(value: &Value, depth: usize) -> Option<Settings> {
    let below = depth.checked_sub(1)?;
    Some(match value {
        Value::Null => Settings::Null,
        Value::Bool(flag) => Settings::Bool(*flag),
        Value::Number(number) => Settings::Number(number.to_string()),
        Value::String(text) => Settings::String(text.clone()),
        Value::Array(items) => {
            Settings::Array(items.iter().map(|item| convert(item, below)).collect::<Option<_>>()?)
        }
        Value::Object(fields) => Settings::Object(
            fields
                .iter()
                .map(|(key, value)| Some((key.clone(), convert(value, below)?)))
                .collect::<Option<_>>()?,
        ),
    })
}
