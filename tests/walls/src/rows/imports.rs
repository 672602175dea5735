//! Guests that call the host with what it does not expect.

use portcullis_sandbox::CallError;

use crate::{Behaviour, Observed};

fn trapped(observed: &Observed) -> Result<(), String> {
    observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))
}

pub(crate) fn edge_values() -> Behaviour {
    Behaviour::new(
        82,
        "call every kind of import with the largest numbers and empty or huge texts",
        "typed errors; it goes on",
    )
    .grants("filesystem: [{ host: \"{scene}\" }]")
    .ends(|observed| {
        observed.answers("attack")?;
        observed.host_memory_within(8)
    })
}

pub(crate) fn dead_handle() -> Behaviour {
    Behaviour::new(82, "use a handle that it has given back", "a trap").ends(trapped)
}

pub(crate) fn unknown_bits() -> Behaviour {
    Behaviour::new(82, "pass an enumeration value that does not exist", "a trap")
        .grants("filesystem: [{ host: \"{scene}\" }]")
        .ends(trapped)
}
