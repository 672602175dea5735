//! Row 66: guests that leave in place of answering.

use portcullis_sandbox::CallError;

use crate::{Behaviour, Observed};

/// The call failed; that this is read at all shows that the process did not end.
fn exited(observed: &Observed) -> Result<(), String> {
    observed.error_is("Exited", |error| matches!(error, CallError::Exited))
}

pub(crate) fn early_ok() -> Behaviour {
    Behaviour::new(66, "exit with success during the call", "the call fails; the process goes on")
        .handles(&["attack:ok", "second"])
        .ends(exited)
}

pub(crate) fn early_error() -> Behaviour {
    Behaviour::new(66, "exit with an error during the call", "the call fails; the process goes on")
        .handles(&["attack:error", "second"])
        .ends(exited)
}

pub(crate) fn early_code() -> Behaviour {
    Behaviour::new(66, "exit with a code of its own", "the call fails; the process goes on")
        .handles(&["attack:77", "second"])
        .ends(exited)
}
