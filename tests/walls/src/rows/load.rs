//! Bytes that are no component, and components that ask for too much.

use crate::Behaviour;

pub(crate) fn core_module() -> Behaviour {
    Behaviour::new(15, "a core module in place of a component", "refused at load, with what to do")
        .ends(|observed| observed.refused_at_load("not a component; wrap it"))
}

pub(crate) fn text_format() -> Behaviour {
    Behaviour::new(15, "WebAssembly text in place of a component", "refused at load")
        .ends(|observed| observed.refused_at_load("does not begin as a component does"))
}

pub(crate) fn truncated() -> Behaviour {
    Behaviour::new(15, "half a component", "refused at load")
        .ends(|observed| observed.refused_at_load("not a component that this engine runs"))
}

pub(crate) fn uncalled_import() -> Behaviour {
    Behaviour::new(
        83,
        "import sockets and never call them",
        "refused at load: the import and the key that would grant it",
    )
    .ends(|observed| {
        observed.refused_at_load("wasi:sockets/tcp")?;
        observed.refused_at_load("sockets")
    })
}
