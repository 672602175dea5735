//! What frames say, as JSON.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::event::Happened;
use super::frame::{FrameError, Wiped, framed};

/// From the daemon, after the configuration.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// A batch.
    Resolve(Question),
}

/// A batch.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// No other batch of this process has it.
    pub(super) id: u64,
    /// None of them twice.
    pub(super) handles: Vec<String>,
}

/// From the runner.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// Once: every provider is loaded, or cannot be, and the wall stands.
    Ready(Ready),
    /// The answer to a batch.
    Answer(Answered),
    /// Something happened to a provider.
    Event(Happened),
}

/// A runner can be asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ready {
    /// The providers that cannot be loaded.
    pub(super) faults: Vec<Faulty>,
    /// How many calls there may be at once.
    pub(super) calls: u32,
}

/// What went wrong with a provider as a whole.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Faulty {
    pub(super) provider: String,
    pub(super) message: String,
}

/// The answer to a batch.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    pub(super) id: u64,
    pub(super) resolutions: Vec<Resolved>,
    /// The last fault of each provider, as they are now.
    pub(super) faults: Vec<Faulty>,
}

/// One handle of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolved {
    pub(super) handle: String,
    pub(super) outcome: Outcome,
}

/// A value, or why there is none.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Outcome {
    Value {
        text: Value,
        /// In milliseconds.
        expires_in: Option<u64>,
    },
    Failure {
        kind: Kind,
        message: String,
        /// In milliseconds.
        retry_after: Option<u64>,
    },
}

/// What sort of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    NotFound,
    Denied,
    InvalidHandle,
    InvalidAnswer,
    Unavailable,
    Other,
}

/// A value on its way. `Debug` shows a placeholder.
#[derive(Debug)]
pub(super) struct Value(pub(super) SecretString);

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// The frame of a message. Nothing where it is longer than any frame can be.
pub(super) fn write(message: &impl Serialize) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Wiped::default();
    // Only a map with keys that are no text has no JSON form.
    serde_json::to_writer(&mut bytes, message).ok()?;
    framed(&bytes.0)
}

/// The message of a frame.
pub(super) fn parse<'a, T: Deserialize<'a>>(frame: &'a [u8]) -> Result<T, FrameError> {
    // What is wrong with it is not said: the words would be a part of it.
    serde_json::from_slice(frame).map_err(|_| FrameError::NoMessage(frame.len()))
}
