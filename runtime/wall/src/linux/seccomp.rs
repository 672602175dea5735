//! System calls: those on the list, and no other.

use std::io;

use super::program::{self, Answers};
use super::syscalls::allowed;
use crate::{Held, Needs};

/// A call that is not on the list is answered with "this kernel does not have it". For that answer libraries have a way
/// around (the C library starts threads by `clone` where there is no `clone3`), and for "not permitted" they have none.
/// A call by another processor's conventions, whose numbers mean something else, ends the process.
pub(super) const ANSWERS: Answers = Answers {
    allow: libc::SECCOMP_RET_ALLOW,
    deny: libc::SECCOMP_RET_ERRNO | libc::ENOSYS.unsigned_abs(),
    foreign: libc::SECCOMP_RET_KILL_PROCESS,
};

/// How the kernel names this processor to a filter: its ELF number, with bits for 64 bits and little endian.
#[cfg(target_arch = "x86_64")]
pub(super) const PROCESSOR: u32 = 0xc000_0000 | 62;
#[cfg(target_arch = "aarch64")]
pub(super) const PROCESSOR: u32 = 0xc000_0000 | 183;

/// Installs the filter for this thread and those that it starts.
pub(super) fn install(needs: &Needs) -> Held {
    let calls = allowed(needs.has_network());
    let Some(program) = program::compile(PROCESSOR, &calls, ANSWERS) else {
        return Held::Missing("the list of calls is too long for a filter".to_owned());
    };
    match seccompiler::apply_filter(&program) {
        Ok(()) => Held::Yes(format!("{} calls allowed", calls.len())),
        Err(seccompiler::Error::Seccomp(error)) if is_missing(&error) => {
            Held::Missing("this kernel has no filter of system calls".to_owned())
        }
        Err(error) => Held::Refused(error.to_string()),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL))
}

/// The filter that is installed, for the tests that run it.
#[cfg(test)]
pub(super) fn program(network: bool) -> Option<Vec<seccompiler::sock_filter>> {
    program::compile(PROCESSOR, &allowed(network), ANSWERS)
}
