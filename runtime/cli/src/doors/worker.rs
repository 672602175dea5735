//! The program as its own compile worker: not for people, and so in no help text.

use std::process::ExitCode;

/// The first argument that makes it one.
pub(crate) const MODE: &str = "compile-worker";

/// Runs as compile worker, where this process was started as one. Before anything else: nothing is read, not even the
/// environment, until the limits hold.
pub(crate) fn main() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    (arguments.next()? == MODE).then(|| portcullis_sandbox::compile_worker(arguments))
}
