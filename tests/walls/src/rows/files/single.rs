//! Single-file grants: one name, and it stays right when the file is replaced.

use super::{attack, scene};
use crate::{Behaviour, Observed};

/// Large enough to be read from the disk each time.
const LARGE: usize = 300_000;

/// What came of each attempt of `files_single`.
const SINGLE: &str = "\
     file='inside';list=file;sibling=no-entry;.=not-permitted;..=not-permitted;\
     ../inside/sibling=not-permitted;sub/deep=no-entry;/etc/passwd=not-permitted;=not-permitted;\
     ../inside=not-permitted;none=no-entry;file/..=not-permitted;file/../sibling=not-permitted;\
     ./file='inside';file/=not-directory;stat-sibling=no-entry;stat-above=not-permitted;\
     hash-sibling=no-entry;readlink=not-permitted;hash-folder=unsupported;folder=not-permitted;\
     remove=not-permitted;rename=not-permitted;write=read-only;create=no-entry";

pub(crate) fn single() -> Behaviour {
    Behaviour::new(
        59,
        "look beside, above and below the one file that is granted",
        "that name is there, and no other",
    )
    .grants("filesystem:\n  - { host: {scene}/inside/file, guest: /in/file }")
    .handles(attack!("file"))
    .scene(scene::tree)
    .ends(|observed| observed.answers(SINGLE))
}

pub(crate) fn replaced_small() -> Behaviour {
    Behaviour::new(
        59,
        "read a granted file while the host replaces it",
        "one state for the whole batch, and the newest in the next",
    )
    .grants("filesystem:\n  - { host: {scene}/inside/small, guest: /in/small }")
    .limits("cpu: 30s, wall: 60s, file_bytes: 1GiB")
    .handles(attack!("small"))
    .scene(|scene| {
        scene::tree(scene)?;
        scene::replace(&scene.join("inside/small"), &[b'a'; 1000])
    })
    .meanwhile(|scene| alternate(scene, "inside/small", 1000))
    .ends(|observed| match observed.value(0)? {
        "seen=a*1000" | "seen=b*1001" => Ok(()),
        other => Err(format!("expected one whole state, saw '{other}'")),
    })
}

pub(crate) fn replaced_large() -> Behaviour {
    Behaviour::new(
        59,
        "the same with a file that is read in pieces",
        "each time that it is opened one state of it, whole",
    )
    .grants("filesystem:\n  - { host: {scene}/inside/large, guest: /in/large }")
    .limits("cpu: 30s, wall: 60s, file_bytes: 4GiB")
    .handles(attack!("large"))
    .scene(|scene| {
        scene::tree(scene)?;
        scene::replace(&scene.join("inside/large"), &[b'a'; LARGE])
    })
    .meanwhile(|scene| alternate(scene, "inside/large", LARGE))
    .ends(two_whole_states)
}

fn two_whole_states(observed: &Observed) -> Result<(), String> {
    observed.answers("seen=a*300000,b*300001")
}

/// The one state and then the other, of different lengths.
fn alternate(scene: &std::path::Path, file: &str, length: usize) {
    for (letter, length) in [(b'b', length + 1), (b'a', length)] {
        // The answer tells when it did not work: then only one of the two was met.
        drop(scene::replace(&scene.join(file), &vec![letter; length]));
    }
}
