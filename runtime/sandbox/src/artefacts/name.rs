//! What the files of a store are called.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::atomic::{AtomicU64, Ordering};

use portcullis_policy::Digest;

/// Ends the name of an artefact.
const ARTEFACT: &str = ".cwasm";

/// Ends the name of a file that is still being written.
const TEMPORARY: &str = ".tmp";

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The artefact of a component for an engine.
    Artefact { source: Digest, engine: u64 },
    /// One that is being written, or was when its writer ended.
    Temporary,
    /// Nothing of ours.
    Other,
}

impl Name {
    pub(super) fn read(name: &str) -> Self {
        match stem(name) {
            Some((source, engine, ARTEFACT)) => Self::Artefact { source, engine },
            Some((.., rest)) if rest.ends_with(TEMPORARY) => Self::Temporary,
            _ => Self::Other,
        }
    }
}

/// Digest and engine at the start of a name, and what follows them.
fn stem(name: &str) -> Option<(Digest, u64, &str)> {
    let (digest, rest) = name.split_once('-')?;
    let (engine, rest) = rest.split_at_checked(16)?;
    // One spelling for each: what parses, but is written otherwise, is not ours.
    let lower = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !lower(digest) || !lower(engine) {
        return None;
    }
    Some((format!("sha256:{digest}").parse().ok()?, u64::from_str_radix(engine, 16).ok()?, rest))
}

/// The name of an artefact.
pub(super) fn artefact(source: &Digest, engine: u64) -> String {
    format!("{}-{engine:016x}{ARTEFACT}", source.to_hex())
}

/// A name to write under, which no other thread or process uses: also where two containers share the folder and count
/// their processes alike.
pub(super) fn temporary(artefact: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let random = RandomState::new().build_hasher().finish();
    format!("{artefact}.{}-{count}-{random:016x}{TEMPORARY}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        let source = Digest::of(b"x");
        let name = artefact(&source, 0xab);
        assert_eq!(Name::read(&name), Name::Artefact { source, engine: 0xab });
        assert_eq!(Name::read(&temporary(&name)), Name::Temporary);
        assert_ne!(temporary(&name), temporary(&name));
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let name = artefact(&Digest::of(b"x"), 1);
        let upper = name.to_uppercase();
        let short = name.get(1..).unwrap();
        let rows = ["", "a.cwasm", ".tmp", "x.tmp", "-", "é-0000000000000000.cwasm", &upper, short];
        for name in rows.into_iter().chain([format!("{name}.old").as_str(), &format!("x{name}")]) {
            assert_eq!(Name::read(name), Name::Other, "{name}");
        }
    }
}
