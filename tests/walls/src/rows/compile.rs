//! Components that are made to be slow to compile.

use crate::{Behaviour, Observed};

/// Compiled, or refused, within the bounds of the compiler.
fn bounded(observed: &Observed) -> Result<(), String> {
    match &observed.ended {
        Some(Ok(_)) => observed.answers("attack"),
        other => Err(format!("{other:?}")),
    }
}

pub(crate) fn huge_function() -> Behaviour {
    Behaviour::new(14, "one function of three million instructions", "refused before it is compiled")
        .hostile_at_load()
        .ends(bounded)
}

pub(crate) fn branch_tables() -> Behaviour {
    Behaviour::new(14, "branch tables out of a thousand nested blocks", "compiled within the bounds")
        .hostile_at_load()
        .ends(bounded)
}

pub(crate) fn many_segments() -> Behaviour {
    Behaviour::new(14, "a hundred thousand data segments", "refused before it is compiled")
        .hostile_at_load()
        .ends(bounded)
}

pub(crate) fn many_functions() -> Behaviour {
    Behaviour::new(14, "two hundred thousand functions", "compiled within the bounds")
        .hostile_at_load()
        .ends(bounded)
}
