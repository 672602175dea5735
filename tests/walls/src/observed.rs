//! What the host saw of a hostile guest.

use std::path::PathBuf;

use portcullis_policy::Event;
use portcullis_sandbox::{CallError, Outcome};
use secrecy::ExposeSecret as _;

/// How loading and calling a guest ended.
#[derive(Debug)]
pub struct Observed {
    /// Why it could not be loaded, or what the call gave. `None` where the host gave up on the call.
    pub(crate) ended: Option<Result<Vec<Outcome>, Ended>>,
    /// What was reported meanwhile.
    pub(crate) events: Vec<Event>,
    /// Most bytes that the host had allocated for the call at once.
    pub(crate) host_memory: usize,
    /// The folder of the scene.
    pub(crate) scene: PathBuf,
    /// The log, where the row asks for it, and the provider's `Debug`.
    pub(crate) said: String,
}

/// An end without answers.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Refused when it was loaded: the host's words.
    AtLoad(String),
    /// The call failed.
    Called(CallError),
}

impl Observed {
    /// The call failed with an error that `is` accepts.
    pub(crate) fn error_is(&self, name: &str, is: fn(&CallError) -> bool) -> Result<(), String> {
        match &self.ended {
            Some(Err(Ended::Called(error))) if is(error) => Ok(()),
            other => Err(format!("expected {name}, saw {other:?}")),
        }
    }

    /// It was refused at load, with these words in the message.
    pub(crate) fn refused_at_load(&self, words: &str) -> Result<(), String> {
        match &self.ended {
            Some(Err(Ended::AtLoad(message))) if message.contains(words) => Ok(()),
            other => Err(format!("expected a refusal at load with '{words}', saw {other:?}")),
        }
    }

    /// The call answered, and the first handle has this value.
    pub(crate) fn answers(&self, value: &str) -> Result<(), String> {
        let found = self.value(0)?;
        if found == value { Ok(()) } else { Err(format!("expected the value '{value}', saw '{found}'")) }
    }

    /// The value of the handle at this place.
    pub(crate) fn value(&self, place: usize) -> Result<&str, String> {
        match &self.ended {
            Some(Ok(outcomes)) => match outcomes.get(place) {
                Some(Ok(value)) => Ok(value.value.expose_secret()),
                other => Err(format!("expected a value at {place}, saw {other:?}")),
            },
            other => Err(format!("expected answers, saw {other:?}")),
        }
    }

    /// The message of the failed handle at this place.
    pub(crate) fn failure(&self, place: usize) -> Result<&str, String> {
        match &self.ended {
            Some(Ok(outcomes)) => match outcomes.get(place) {
                Some(Err(failure)) => Ok(&failure.message),
                other => Err(format!("expected a failure at {place}, saw {other:?}")),
            },
            other => Err(format!("expected answers, saw {other:?}")),
        }
    }

    /// The host allocated no more than `mebibytes` for the call, whatever the guest asked for.
    pub(crate) fn host_memory_within(&self, mebibytes: usize) -> Result<(), String> {
        if self.host_memory <= mebibytes << 20 {
            return Ok(());
        }
        Err(format!("the host allocated {} KiB, more than {mebibytes} MiB", self.host_memory >> 10))
    }
}
