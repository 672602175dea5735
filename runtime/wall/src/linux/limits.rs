//! Limits of the process.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

use crate::{Held, Needs};

/// Lowers the limit on descriptors to what the plan can use, for good.
///
/// There is none on processes: it counts threads, of all processes of the user. The filter of system calls says it
/// better. None on address space either: a guest's memory reserves gigabytes that it never touches.
pub(super) fn lower(needs: &Needs) -> Held {
    let current = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let descriptors = needs.open_descriptors().min(current);
    match setrlimit(Resource::Nofile, both(descriptors)) {
        Ok(()) => Held::Yes(format!("{descriptors} descriptors")),
        Err(error) => Held::Refused(format!("descriptors: {error}")),
    }
}

/// No core file. The limit alone does not keep the memory from a program that `core_pattern` pipes cores to; a process
/// that is not dumpable gives it to nobody, and refuses debuggers that do not run as root.
///
/// The process itself still finds its `/proc/self`, whoever it runs as: artefacts are mapped through it.
pub(crate) fn hide_memory() -> Held {
    let limited = setrlimit(Resource::Core, both(0));
    let hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    match limited.and(hidden) {
        Ok(()) => Held::Yes("no core file, no debugger".to_owned()),
        Err(error) => Held::Refused(error.to_string()),
    }
}

fn both(limit: u64) -> Rlimit {
    Rlimit { current: Some(limit), maximum: Some(limit) }
}
