//! The second wall: before a one-shot process runs a backend, its only thread gives up what it will not need.
//!
//! The first wall is the sandbox. Should a backend ever break it and run native code in this process, that code finds
//! that it cannot open a file outside of what the plan grants, start a program, open a socket or gain a right.
//!
//! * [`Needs`]: what has to keep working, as data.
//! * [`drop_rights`]: gives up the rest, for good, and reports what holds.
//! * [`hide_memory`]: no core file of this process, and no debugger on it.
//!
//! Both are for a process that is ours. A library must not do this to the program that embeds it.
//!
//! Linux alone has all of it. Elsewhere the functions do nothing, and say so.

#![forbid(unsafe_code)]

mod needs;
mod report;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
use other as system;

pub use needs::Needs;
pub use report::{Held, Report};

/// Gives up every right that `needs` does not name, for this thread and all that it starts. There is no way back.
///
/// Call it from the main thread before any other thread exists: one that is there already keeps its rights. Each layer
/// is taken as far as this kernel has it; a missing one is in the report, and is no error.
///
/// # Examples
///
/// ```no_run
/// let needs = portcullis_wall::Needs::new().read_file("/etc/secrets/keys.json");
/// let report = portcullis_wall::drop_rights(&needs);
/// println!("{report}");
/// ```
#[must_use]
pub fn drop_rights(needs: &Needs) -> Report {
    system::drop_rights(needs)
}

/// Keeps this process's memory to itself: no core file, and no other process of the same user may look into it.
#[must_use]
pub fn hide_memory() -> Held {
    system::hide_memory()
}
