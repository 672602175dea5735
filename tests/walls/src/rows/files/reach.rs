//! Row 59: paths and links that lead out of the grant.

use std::path::Path;

use super::{READ, SECRET, attack, scene};
use crate::{Behaviour, Observed};

/// What came of each attempt of `files_escape`.
const ESCAPE: &str = "\
     ..=not-permitted;../outside/secret=not-permitted;sub/../../outside/secret=not-permitted;\
     ./sub/.././../outside/secret=not-permitted;/etc/passwd=not-permitted;//etc/passwd=not-permitted;\
     /=not-permitted;leaves=not-permitted;leaves-absolute=not-permitted;leaves-by-chain=not-permitted;\
     leaves-by-folder/secret=not-permitted;leaves-by-folder/../outside/secret=not-permitted;\
     proc/self/environ=not-permitted;loop=loop;dangling=no-entry;file/..=not-directory;\
     file/../file=not-directory;file/=not-directory;=no-entry;.=is-directory;file\0=invalid;\
     ．．/outside/secret=no-entry;..\\outside\\secret=no-entry;file='inside';./sub/../file='inside';\
     password='kubelet';..data/password='kubelet';long=name-too-long;deep=name-too-long";

pub(crate) fn escape() -> Behaviour {
    Behaviour::new(
        59,
        "`..`, absolute paths and links that lead out of a grant",
        "`not-permitted` for each; links that stay inside work, kubelet's too",
    )
    .grants(READ)
    .scene(scene::tree)
    .ends(|observed| {
        observed.answers(ESCAPE)?;
        observed.host_memory_within(16)
    })
}

/// Nothing from outside, and both states of the path were met.
fn inside_or_refused(observed: &Observed) -> Result<(), String> {
    let seen = observed.value(0)?;
    if seen.contains(SECRET) {
        return Err(format!("the secret outside was read: {seen}"));
    }
    observed.answers("seen='inside',not-permitted")
}

pub(crate) fn race_link() -> Behaviour {
    Behaviour::new(
        59,
        "open a link in a loop while the host swaps its target",
        "the file inside or `not-permitted`, never what is outside",
    )
    .limits("cpu: 30s, wall: 60s, file_bytes: 1GiB")
    .grants(READ)
    .handles(attack!("swapped"))
    .scene(|scene| {
        scene::tree(scene)?;
        scene::swap_link(&scene.join("inside/swapped"), Path::new("file"))
    })
    .meanwhile(|scene| {
        let link = scene.join("inside/swapped");
        // The answer tells when it did not work: then only one of the two was met.
        drop(scene::swap_link(&link, Path::new("../outside/secret")));
        drop(scene::swap_link(&link, Path::new("file")));
    })
    .ends(inside_or_refused)
}

pub(crate) fn race_folder() -> Behaviour {
    Behaviour::new(
        59,
        "open a file below a folder in a loop while the host swaps the folder for a link",
        "the file inside or `not-permitted`, never what is outside",
    )
    .limits("cpu: 30s, wall: 60s, file_bytes: 1GiB")
    .grants(READ)
    .handles(attack!("swapped/secret"))
    .scene(|scene| {
        scene::tree(scene)?;
        std::fs::write(scene.join("inside/sub/secret"), "inside")?;
        scene::swap_link(&scene.join("inside/swapped"), Path::new("sub"))
    })
    .meanwhile(|scene| {
        let link = scene.join("inside/swapped");
        drop(scene::swap_link(&link, Path::new("../outside")));
        drop(scene::swap_link(&link, Path::new("sub")));
    })
    .ends(inside_or_refused)
}
