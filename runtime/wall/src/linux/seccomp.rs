//! System calls: those on the list, and no other.

use std::io;

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use super::syscalls::allowed;
use crate::Held;

/// What a call that is not on the list returns: "this kernel does not have it". For that answer libraries have a way
/// around (the C library starts threads by `clone` where there is no `clone3`), and for "not permitted" they have none.
const ANSWER: u32 = libc::ENOSYS.unsigned_abs();

/// Installs the filter for this thread and those that it starts.
pub(super) fn install() -> Held {
    let program = match program() {
        Ok(program) => program,
        Err(error) => return Held::Missing(error.to_string()),
    };
    match seccompiler::apply_filter(&program) {
        Ok(()) => Held::Yes(format!("{} calls allowed", allowed().len())),
        Err(seccompiler::Error::Seccomp(error)) if is_missing(&error) => {
            Held::Missing("this kernel has no filter of system calls".to_owned())
        }
        Err(error) => Held::Refused(error.to_string()),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL))
}

/// The filter for the processor that this was built for. Calls of another kind than its own end the process.
fn program() -> Result<BpfProgram, seccompiler::BackendError> {
    let processor = TargetArch::try_from(std::env::consts::ARCH)?;
    let filter =
        SeccompFilter::new(allowed(), SeccompAction::Errno(ANSWER), SeccompAction::Allow, processor)?;
    filter.try_into()
}
