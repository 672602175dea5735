//! Components that are made to be slow to compile.

use std::time::Duration;

use crate::Behaviour;

const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn huge_function() -> Behaviour {
    Behaviour::new(14, "one function of three million instructions", "refused before it is compiled")
        .ends(|observed| observed.refused_at_load("bytes in one function"))
}

pub(crate) fn nested_loops() -> Behaviour {
    Behaviour::new(14, "five hundred loops inside one another", "refused before it is compiled")
        .ends(|observed| observed.refused_at_load("loops inside one another"))
}

pub(crate) fn many_segments() -> Behaviour {
    Behaviour::new(14, "more data segments than any linker makes", "refused before it is compiled")
        .ends(|observed| observed.refused_at_load("data segments"))
}

pub(crate) fn branch_tables() -> Behaviour {
    Behaviour::new(14, "branch tables out of a thousand nested blocks", "compiled, within the bounds")
        .hostile_at_load()
        .ends(|observed| observed.answers("attack"))
}

pub(crate) fn many_functions() -> Behaviour {
    Behaviour::new(14, "as many functions as are allowed", "the compile worker is killed at its time")
        .compiling(Duration::from_millis(500), 2 << 30)
        .ends(|observed| observed.refused_at_load("takes more than 0.5 s"))
}

pub(crate) fn much_memory() -> Behaviour {
    Behaviour::new(14, "as many functions as are allowed", "the compile worker ends at its memory")
        .compiling(MINUTE, 96 << 20)
        .ends(|observed| observed.refused_at_load("96 MiB of memory"))
}
