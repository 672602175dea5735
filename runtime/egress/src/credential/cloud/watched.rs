//! Files and variables of the host, with a memory of what was read: a change of any of them makes a credential anew.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use portcullis_policy::network::CredentialSource;
use ring::digest;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::super::CredentialError;
use crate::inputs::{InputError, Inputs, Stamp, text_of};

/// Reads inputs and remembers them.
pub(crate) struct Watched {
    inputs: Arc<dyn Inputs>,
    seen: Mutex<Vec<Seen>>,
}

/// An input as it was.
enum Seen {
    File(PathBuf, State),
    /// Nothing: it was not set.
    Variable(String, Option<[u8; 32]>),
}

/// What tells whether a file has changed.
enum State {
    Stamp(Stamp),
    /// There is no stamp. Nothing: it could not be read.
    Content(Option<[u8; 32]>),
}

impl Watched {
    pub(crate) fn new(inputs: &Arc<dyn Inputs>) -> Self {
        Self { inputs: Arc::clone(inputs), seen: Mutex::new(Vec::new()) }
    }

    /// Whether every input still is what it was.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).iter().all(|seen| match seen {
            Seen::Variable(name, known) => *known == self.inputs.variable(name).as_ref().map(of_text),
            Seen::File(path, State::Stamp(known)) => self.inputs.stamp(path) == Some(*known),
            Seen::File(path, State::Content(known)) => {
                self.inputs.stamp(path).is_none()
                    && *known == self.inputs.file(path).ok().map(|content| of(&content))
            }
        })
    }

    /// A variable of the host; nothing where it is not set, or empty.
    pub(crate) fn variable(&self, name: &str) -> Option<SecretString> {
        let value = self.inputs.variable(name);
        self.remember(Seen::Variable(name.to_owned(), value.as_ref().map(of_text)));
        value.filter(|value| !value.expose_secret().is_empty())
    }

    /// Whether there is such a file.
    pub(crate) fn has_file(&self, path: &Path) -> bool {
        self.inputs.stamp(path).is_some() || self.file(path).is_ok()
    }

    /// The content of a file.
    pub(crate) fn file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        // Before the content: a change in between counts as one.
        let stamp = self.inputs.stamp(path);
        let content = self.inputs.file(path);
        let state = stamp
            .map_or_else(|| State::Content(content.as_ref().ok().map(|content| of(content))), State::Stamp);
        self.remember(Seen::File(path.to_owned(), state));
        content
    }

    /// The content of a file that somebody writes anew for each request: a change of it changes nothing.
    #[cfg(feature = "azure")]
    pub(crate) fn file_once(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        self.inputs.file(path)
    }

    /// The text of a file. White space at its ends does not count.
    pub(crate) fn file_text(&self, path: &Path) -> Result<SecretString, InputError> {
        text_of(path, &self.file(path)?)
    }

    /// A text that a policy says where to find.
    pub(crate) fn text(&self, from: &CredentialSource) -> Result<SecretString, CredentialError> {
        match from {
            CredentialSource::Value(value) => Ok(value.clone()),
            CredentialSource::Env(name) => {
                self.variable(name).ok_or_else(|| CredentialError::Variable(name.clone()))
            }
            CredentialSource::File(path) => Ok(self.file_text(path)?),
        }
    }

    fn remember(&self, seen: Seen) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}

fn of_text(text: &SecretString) -> [u8; 32] {
    of(text.expose_secret().as_bytes())
}

fn of(content: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    let digest = digest::digest(&digest::SHA256, content);
    sum.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    sum
}
