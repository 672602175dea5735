//! Row 62: what is neither a regular file nor a folder, or only looks like one.

use super::{READ, scene};
use crate::Behaviour;

pub(crate) fn special() -> Behaviour {
    Behaviour::new(
        62,
        "open a pipe without a writer, a socket, a device, links to them and to /proc",
        "`not-permitted` at once: nothing blocks",
    )
    .limits("wall: 5s")
    .grants(READ)
    .scene(scene::special)
    .ends(|observed| observed.answers("?"))
}

pub(crate) fn proc() -> Behaviour {
    Behaviour::new(
        62,
        "read the host's memory and environment through a mount of /proc",
        "`not-permitted`: the kernel's own files are no regular files",
    )
    .limits("wall: 5s")
    .grants("filesystem:\n  - { host: /proc, guest: /in }")
    .ends(|observed| observed.answers("?"))
}
