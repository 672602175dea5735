//! Rows 21, 63 and 64: more descriptors, entries and bytes than a call may take.

use portcullis_sandbox::CallError;

use super::{READ, attack, scene};
use crate::Behaviour;

/// What came of each attempt of `files_hoard`.
const HOARD: &str = "\
     small-streams=60 ok;listings=60 ok;folders=16 quota;files=0 quota;streams=0 quota";

pub(crate) fn hoard() -> Behaviour {
    Behaviour::new(
        21,
        "open files, folders, listings and streams and never let go of one",
        "`quota` at `limits.open_files`; all of them are closed with the call",
    )
    .grants(READ)
    .scene(scene::large)
    .ends(|observed| {
        observed.answers(HOARD)?;
        observed.host_memory_within(8)
    })
}

pub(crate) fn preopens_dropped() -> Behaviour {
    Behaviour::new(
        21,
        "ask for the granted folders without end",
        "each answer is let go: no more than one is held",
    )
    .grants(READ)
    .handles(attack!("drop"))
    .scene(scene::tree)
    .ends(|observed| {
        observed.answers("questions=10000")?;
        observed.host_memory_within(8)
    })
}

pub(crate) fn preopens_kept() -> Behaviour {
    Behaviour::new(21, "ask for the granted folders without end, and keep each", "a trap at `limits.handles`")
        .grants(READ)
        .handles(attack!("keep"))
        .scene(scene::tree)
        .ends(|observed| {
            observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))?;
            observed.host_memory_within(8)
        })
}

pub(crate) fn poll() -> Behaviour {
    Behaviour::new(
        21,
        "begin to read a stream and let go of it, a hundred thousand times",
        "one read at a time for each stream, and no byte is lost",
    )
    .grants(READ)
    .limits("cpu: 10s")
    .scene(scene::large)
    .ends(|observed| {
        observed.answers("bytes=1048576;end=closed")?;
        observed.host_memory_within(8)
    })
}

pub(crate) fn errors() -> Behaviour {
    Behaviour::new(21, "read the texts of the host's errors", "the error's name, and nothing of the host")
        .grants(READ)
        .scene(scene::large)
        .ends(|observed| observed.answers("text=invalid (error 12)"))
}

pub(crate) fn crowd() -> Behaviour {
    Behaviour::new(
        63,
        "list a folder of 200,000 entries, again and again",
        "`quota` at `limits.entries` for the whole call; files can still be read",
    )
    .grants(READ)
    .handles(attack!("crowd"))
    .scene(scene::crowd)
    .ends(|observed| {
        observed.answers("entries=0;listed=0;last=quota;file='inside'")?;
        observed.host_memory_within(8)
    })
}

fn endless(way: &'static [&'static str], attack: &'static str) -> Behaviour {
    Behaviour::new(64, attack, "`quota` after `limits.file_bytes`")
        .grants(READ)
        .limits("cpu: 10s")
        .handles(way)
        .scene(scene::endless)
        .ends(|observed| {
            observed.answers("bytes=16777216;end=quota")?;
            observed.host_memory_within(24)
        })
}

pub(crate) fn endless_read() -> Behaviour {
    endless(attack!("read"), "read a file of 100 GB to its end")
}

pub(crate) fn endless_stream() -> Behaviour {
    endless(attack!("stream"), "the same as a stream")
}

pub(crate) fn endless_skip() -> Behaviour {
    endless(attack!("skip"), "the same, skipped")
}

/// What came of each attempt of `files_absurd_small`.
const ABSURD_SMALL: &str = "\
     length 0=0;offset 0=1;both 0=0;stream 0=6;advise 0=ok;length 2^31=6;offset 2^31=0 end;\
     both 2^31=0 end;stream 2^31=closed;advise 2^31=ok;length 2^32=6;offset 2^32=0 end;both 2^32=0 end;\
     stream 2^32=closed;advise 2^32=ok;length 2^63-1=6;offset 2^63-1=0 end;both 2^63-1=0 end;\
     stream 2^63-1=closed;advise 2^63-1=ok;length 2^63=6;offset 2^63=0 end;both 2^63=0 end;\
     stream 2^63=closed;advise 2^63=ok;length 2^64-1=6;offset 2^64-1=0 end;both 2^64-1=0 end;\
     stream 2^64-1=closed;advise 2^64-1=ok";

pub(crate) fn absurd_small() -> Behaviour {
    Behaviour::new(64, "read with lengths and offsets up to 2^64 - 1", "what there is, the end, or `invalid`")
        .grants(READ)
        .handles(attack!("file"))
        .scene(scene::large)
        .ends(|observed| {
            observed.answers(ABSURD_SMALL)?;
            observed.host_memory_within(8)
        })
}

/// What came of each attempt of `files_absurd_large`.
const ABSURD_LARGE: &str = "\
     length 0=0;offset 0=1;both 0=0;stream 0=65536;advise 0=ok;length 2^31=1048576;offset 2^31=0 end;\
     both 2^31=0 end;stream 2^31=closed;advise 2^31=ok;length 2^32=1048576;offset 2^32=0 end;\
     both 2^32=0 end;stream 2^32=closed;advise 2^32=ok;length 2^63-1=1048576;offset 2^63-1=invalid;\
     both 2^63-1=invalid;stream 2^63-1=invalid;advise 2^63-1=ok;length 2^63=1048576;offset 2^63=invalid;\
     both 2^63=invalid;stream 2^63=invalid;advise 2^63=ok;length 2^64-1=1048576;offset 2^64-1=invalid;\
     both 2^64-1=invalid;stream 2^64-1=invalid;advise 2^64-1=ok";

pub(crate) fn absurd_large() -> Behaviour {
    Behaviour::new(
        64,
        "the same of a file that is not kept in memory",
        "what there is, the end, or `invalid`",
    )
    .grants(READ)
    .handles(attack!("large"))
    .scene(scene::large)
    .ends(|observed| {
        observed.answers(ABSURD_LARGE)?;
        observed.host_memory_within(16)
    })
}

pub(crate) fn long_paths() -> Behaviour {
    Behaviour::new(
        59,
        "name what is outside by paths of a megabyte, hundreds of them",
        "`name-too-long`; of what is reported the host keeps a kilobyte each",
    )
    .grants(READ)
    .limits("cpu: 10s")
    .scene(scene::tree)
    .ends(|observed| {
        observed.answers("long=name-too-long,not-permitted;short=not-permitted")?;
        observed.host_memory_within(8)?;
        // Each target is reported once, and no more than 64 of them.
        let denials = observed.events.len();
        if denials == 64 { Ok(()) } else { Err(format!("{denials} events")) }
    })
}
