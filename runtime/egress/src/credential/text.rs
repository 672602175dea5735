//! A text from a file, a variable or the policy: always the newest.

use std::sync::{Arc, Mutex, PoisonError};

use portcullis_policy::network::CredentialSource;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::CredentialError;
use crate::inputs::{Inputs, Stamp, text_of};

/// A text that the guest must not have.
pub(crate) struct Text {
    from: CredentialSource,
    inputs: Arc<dyn Inputs>,
    /// What was read, and the state of the file that it was read from.
    read: Mutex<Option<(Option<Stamp>, SecretString)>>,
}

impl Text {
    pub(crate) fn new(from: CredentialSource, inputs: &Arc<dyn Inputs>) -> Self {
        Self { from, inputs: Arc::clone(inputs), read: Mutex::new(None) }
    }

    /// Where it comes from, for messages.
    pub(crate) fn place(&self) -> String {
        self.from.to_string()
    }

    /// The text as it is now. A file is read again when it has changed; white space at its ends does not count.
    pub(crate) fn get(&self) -> Result<SecretString, CredentialError> {
        match &self.from {
            CredentialSource::Value(value) => Ok(value.clone()),
            CredentialSource::Env(name) => {
                self.inputs.variable(name).ok_or_else(|| CredentialError::Variable(name.clone()))
            }
            CredentialSource::File(path) => {
                let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
                let stamp = self.inputs.stamp(path);
                if let Some((known, text)) = &*read
                    && known.is_some()
                    && *known == stamp
                {
                    return Ok(text.clone());
                }
                let text = text_of(path, &self.inputs.file(path)?)?;
                *read = Some((stamp, text.clone()));
                Ok(text)
            }
        }
    }

    /// Whether it is another by now than the first of those that were used: it was replaced while a request was under way.
    pub(crate) fn is_newer(&self, used: &[SecretString]) -> bool {
        let now = self.get();
        now.is_ok_and(|now| used.first().is_some_and(|used| used.expose_secret() != now.expose_secret()))
    }

    /// As a header has it, after `prefix`.
    pub(crate) fn header(&self, prefix: &str) -> Result<(http::HeaderValue, SecretString), CredentialError> {
        let text = self.get()?;
        let line = Zeroizing::new(format!("{prefix}{}", text.expose_secret()));
        let mut value =
            http::HeaderValue::from_str(&line).map_err(|_| CredentialError::NotAHeader(self.place()))?;
        value.set_sensitive(true);
        Ok((value, text))
    }
}
