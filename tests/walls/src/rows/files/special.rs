//! Row 62: what is neither a regular file nor a folder, or only looks like one.

use super::{READ, scene};
use crate::Behaviour;

/// What came of each attempt of `files_special`.
const SPECIAL: &str = "\
     fifo=not-permitted;write=read-only;both=read-only;folder=not-permitted;fifo-link=not-permitted;\
     write=read-only;both=read-only;folder=not-permitted;socket=not-permitted;write=read-only;\
     both=read-only;folder=not-permitted;device=not-permitted;write=read-only;both=read-only;\
     folder=not-permitted;device-link=not-permitted;write=read-only;both=read-only;folder=not-permitted;\
     proc=not-permitted;write=read-only;both=read-only;folder=not-permitted;proc/self/mem=not-permitted;\
     write=read-only;both=read-only;folder=not-permitted;proc/self/environ=not-permitted;write=read-only;\
     both=read-only;folder=not-permitted;file='inside'";

pub(crate) fn special() -> Behaviour {
    Behaviour::new(
        62,
        "open a pipe without a writer, a socket, a device, links to them and to /proc",
        "`not-permitted` at once: nothing blocks",
    )
    .limits("wall: 5s")
    .grants(READ)
    .scene(scene::special)
    .ends(|observed| {
        let found = observed.value(0)?;
        // Where no device could be made, nothing is found under its name.
        let unprivileged = SPECIAL.replace(
            ";device=not-permitted;write=read-only;both=read-only;folder=not-permitted",
            ";device=no-entry;write=read-only;both=read-only;folder=no-entry",
        );
        if found == unprivileged { Ok(()) } else { observed.answers(SPECIAL) }
    })
}

/// What came of each attempt of `files_proc`.
const PROC: &str = "\
     self/mem=no-entry;self/environ=no-entry;self/maps=no-entry;version=no-entry;.=not-permitted;\
     in=not-permitted;in/self/environ=no-entry;listed=in";

pub(crate) fn proc() -> Behaviour {
    Behaviour::new(
        62,
        "read the host's memory and environment through a mount of /proc",
        "`not-permitted`: the kernel's own files are no regular files",
    )
    .limits("wall: 5s")
    .grants("filesystem:\n  - { host: /proc, guest: /in }")
    .ends(|observed| observed.answers(PROC))
}
