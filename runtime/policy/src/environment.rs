//! The environment that a guest sees: empty unless the policy names a variable.

use std::collections::BTreeMap;

use secrecy::SecretString;

/// Where one variable's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvironmentValue {
    /// Text in the policy.
    Literal(String),
    /// The host's variable of this name.
    From(String),
}

/// The variables that a policy names, by the name that the guest sees.
pub type Environment = BTreeMap<String, EnvironmentValue>;

/// The variables that a guest gets, with their values.
/// Made by [`Policy::decide_environment`](crate::Policy::decide_environment) and nowhere else.
#[derive(Debug)]
pub struct AuthorizedEnvironment {
    pairs: Vec<(String, SecretString)>,
    unset: Vec<String>,
}

impl AuthorizedEnvironment {
    pub(crate) fn decide(environment: &Environment, host: impl Fn(&str) -> Option<String>) -> Self {
        let mut authorized = Self { pairs: Vec::new(), unset: Vec::new() };
        for (name, value) in environment {
            let value = match value {
                EnvironmentValue::Literal(text) => Some(text.clone()),
                EnvironmentValue::From(host_name) => host(host_name),
            };
            match value {
                Some(value) => authorized.pairs.push((name.clone(), value.into())),
                None => authorized.unset.push(name.clone()),
            }
        }
        authorized
    }

    /// Name and value of each variable, by name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Names that the guest does not get because the host has no such variable.
    pub fn unset(&self) -> &[String] {
        &self.unset
    }
}

/// Checks the name of a variable; the message says what is wrong.
pub(crate) fn check_name(name: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let fits = !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(plain);
    fits.then(|| name.to_owned()).ok_or_else(|| {
        format!("{} is no variable's name: use letters, digits and `_`", crate::document::quoted(name))
    })
}
