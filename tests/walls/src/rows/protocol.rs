//! Guests that lie about what they were asked.

use portcullis_sandbox::{AnswerFault, CallError};

use crate::{Behaviour, Observed};

fn trapped(observed: &Observed) -> Result<(), String> {
    observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))?;
    observed.host_memory_within(24)
}

pub(crate) fn pointer_outside() -> Behaviour {
    Behaviour::new(10, "a list that lies outside its memory", "a trap; the host reads nothing").ends(trapped)
}

pub(crate) fn pointer_misaligned() -> Behaviour {
    Behaviour::new(10, "a list at an odd address", "a trap; the host reads nothing").ends(trapped)
}

pub(crate) fn list_of_2_28() -> Behaviour {
    Behaviour::new(11, "a list of 2^28 answers", "a trap; the host's memory is bounded").ends(trapped)
}

pub(crate) fn aliased_values() -> Behaviour {
    Behaviour::new(12, "a million answers that are all one text of 1 MiB", "a trap at `limits.host_copy`")
        .ends(trapped)
}

pub(crate) fn unasked_handle() -> Behaviour {
    Behaviour::new(71, "a value for a handle that was not asked for", "the whole batch fails")
        .ends(|o| o.error_is("Unknown", |e| matches!(e, CallError::Answer(AnswerFault::Unknown { .. }))))
}

pub(crate) fn duplicate() -> Behaviour {
    Behaviour::new(72, "two answers for one handle", "the whole batch fails")
        .ends(|o| o.error_is("Repeated", |e| matches!(e, CallError::Answer(AnswerFault::Repeated { .. }))))
}

pub(crate) fn missing() -> Behaviour {
    Behaviour::new(72, "no answer for a handle", "the whole batch fails")
        .ends(|o| o.error_is("Missing", |e| matches!(e, CallError::Answer(AnswerFault::Missing { .. }))))
}

pub(crate) fn reordered() -> Behaviour {
    Behaviour::new(72, "answers in another order", "each handle has its own value")
        .handles(&["attack", "second", "third"])
        .ends(|observed| {
            for (place, handle) in ["attack", "second", "third"].into_iter().enumerate() {
                let value = observed.value(place)?;
                if value != handle {
                    return Err(format!("'{handle}' has the value '{value}'"));
                }
            }
            Ok(())
        })
}

pub(crate) fn huge_value() -> Behaviour {
    Behaviour::new(73, "a value over its cap", "that handle fails, the others have their values")
        .limits("value: 1KiB")
        .ends(|observed| {
            let failure = observed.failure(0)?;
            if !failure.contains("limits.value") {
                return Err(format!("the failure does not name the limit: {failure}"));
            }
            observed.value(1)?;
            observed.host_memory_within(4)
        })
}

pub(crate) fn invalid_utf8() -> Behaviour {
    Behaviour::new(73, "a value that is no text", "a trap").ends(trapped)
}

pub(crate) fn nul_and_newlines() -> Behaviour {
    Behaviour::new(73, "NUL and line ends in a value", "the value as it is: each door writes it safely")
        .ends(|observed| observed.answers("a\0b\r\nc"))
}

pub(crate) fn error_text() -> Behaviour {
    Behaviour::new(74, "an error text of 1 MB with a value of the batch in it", "masked and cut").ends(
        |observed| {
            let failure = observed.failure(0)?;
            if failure.contains("hunter2-hunter2") || failure.len() > 5000 {
                return Err(format!(
                    "{} bytes, beginning '{}'",
                    failure.len(),
                    failure.chars().take(80).collect::<String>()
                ));
            }
            if observed.value(1)? == "hunter2-hunter2" { Ok(()) } else { Err("the value is lost".to_owned()) }
        },
    )
}

pub(crate) fn leftovers() -> Behaviour {
    Behaviour::new(76, "look through all memory for what an earlier call left", "nothing is there")
        .limits("memory: 32MiB, cpu: 10s")
        .handles(&["attack for the mark that a calm call left"])
        .ends(|observed| observed.answers("clean"))
}
