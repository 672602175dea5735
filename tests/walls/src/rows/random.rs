//! Row 70: guests that ask for more random bytes than there is memory.

use portcullis_sandbox::CallError;

use crate::{Behaviour, Observed};

fn trapped(observed: &Observed) -> Result<(), String> {
    observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))?;
    observed.host_memory_within(8)
}

pub(crate) fn huge_secure() -> Behaviour {
    Behaviour::new(70, "ask for 2^64 - 1 random bytes", "a trap; nothing is allocated")
        .handles(&["attack:secure", "second"])
        .ends(trapped)
}

pub(crate) fn huge_insecure() -> Behaviour {
    Behaviour::new(70, "the same of the insecure kind", "a trap; nothing is allocated")
        .handles(&["attack:insecure", "second"])
        .ends(trapped)
}

pub(crate) fn huge_megabyte() -> Behaviour {
    Behaviour::new(70, "ask for a megabyte of random bytes", "a trap: 4 KiB is the most of one step")
        .handles(&["attack:megabyte", "second"])
        .ends(trapped)
}

pub(crate) fn huge_often() -> Behaviour {
    Behaviour::new(70, "ask for 64 MiB in steps", "it gets them; the host holds one step at a time")
        .handles(&["attack:often", "second"])
        .limits("cpu: 10s")
        .ends(|observed| {
            observed.answers("often=67108864")?;
            observed.host_memory_within(8)
        })
}
