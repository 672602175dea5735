//! Components that are not what the policy expects.

use crate::Behaviour;

pub(crate) fn other_digest() -> Behaviour {
    Behaviour::new(
        84,
        "be another file than the one that was approved",
        "refused at load, before it is compiled",
    )
    .grants("digest: sha256:0000000000000000000000000000000000000000000000000000000000000000")
    .ends(|observed| observed.refused_at_load("digest"))
}

pub(crate) fn old_version() -> Behaviour {
    Behaviour::new(
        86,
        "import an old version of an interface with authority",
        "refused at load, as the newest is",
    )
    .ends(|observed| observed.refused_at_load("wasi:filesystem/types@0.2.0"))
}

pub(crate) fn future_version() -> Behaviour {
    Behaviour::new(86, "import a version that does not exist", "refused at load")
        .ends(|observed| observed.refused_at_load("wasi:sockets/tcp@9.0.0"))
}

pub(crate) fn unknown_interface() -> Behaviour {
    Behaviour::new(83, "import an interface that the host does not have", "refused at load")
        .ends(|observed| observed.refused_at_load("vendor:backdoor/open@1.0.0"))
}
