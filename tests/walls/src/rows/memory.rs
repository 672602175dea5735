//! Guests that take memory, their own and the host's.

use portcullis_sandbox::CallError;

use crate::{Behaviour, Observed};

fn over_memory(observed: &Observed) -> Result<(), String> {
    observed.error_is("Memory", |error| matches!(error, CallError::Memory { .. }))?;
    observed.host_memory_within(8)
}

fn trapped(observed: &Observed) -> Result<(), String> {
    observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))
}

pub(crate) fn grow() -> Behaviour {
    Behaviour::new(3, "grow to 4 GiB", "refused at `limits.memory`").limits("memory: 16MiB").ends(over_memory)
}

pub(crate) fn several() -> Behaviour {
    Behaviour::new(
        4,
        "several memories, each below the limit",
        "one limit over all: refused at `limits.memory`",
    )
    .limits("memory: 16MiB")
    .always_hostile()
    .ends(over_memory)
}

pub(crate) fn many() -> Behaviour {
    Behaviour::new(4, "ten memories", "refused at load: more than a component may have")
        .ends(|observed| observed.refused_at_load("exceeds the configured maximum of 4"))
}

pub(crate) fn table_grow() -> Behaviour {
    Behaviour::new(5, "grow a table without end", "refused by the engine's table limit or `limits.memory`")
        .limits("memory: 1MiB, cpu: 5s")
        .ends(|observed| {
            observed.error_is("Memory or Trapped", |error| {
                matches!(error, CallError::Memory { .. } | CallError::Trapped { .. })
            })?;
            observed.host_memory_within(8)
        })
}

pub(crate) fn table_initial() -> Behaviour {
    Behaviour::new(5, "begin with a table of ten million elements", "refused before anything runs")
        .ends(|observed| observed.refused_at_load("exceeds the limit of 20000"))
}

pub(crate) fn shared() -> Behaviour {
    Behaviour::new(6, "shared memory, which no limiter counts", "refused at load")
        .ends(|observed| observed.refused_at_load("shared"))
}

pub(crate) fn fill() -> Behaviour {
    Behaviour::new(7, "fill the whole memory over and over", "stopped by `limits.cpu`")
        .limits("cpu: 100ms, memory: 32MiB")
        .ends(|observed| observed.error_is("Cpu", |error| matches!(error, CallError::Cpu { .. })))
}

pub(crate) fn many_instances() -> Behaviour {
    Behaviour::new(13, "two hundred core instances", "refused at load: more than a component may have")
        .ends(|observed| observed.refused_at_load("exceeds the configured maximum of 64"))
}

pub(crate) fn handles() -> Behaviour {
    Behaviour::new(22, "a million resource handles", "a trap at `limits.handles`").ends(|observed| {
        trapped(observed)?;
        observed.host_memory_within(8)
    })
}
