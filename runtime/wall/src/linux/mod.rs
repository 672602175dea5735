//! What Linux has, in the order in which it is taken: the last layer forbids the calls that make the others.

mod landlock;
mod limits;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod program;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod seccomp;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod syscalls;

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[path = "no_filter.rs"]
mod seccomp;

use crate::{Held, Needs, Report};
pub(crate) use limits::hide_memory;

pub(crate) fn drop_rights(needs: &Needs) -> Report {
    let no_new_privileges = no_new_privileges();
    let limits = limits::lower(needs);
    let landlock = landlock::restrict(needs);
    let seccomp = seccomp::install(needs);
    Report { no_new_privileges, limits, landlock, seccomp }
}

fn no_new_privileges() -> Held {
    match rustix::thread::set_no_new_privs(true) {
        Ok(()) => Held::Yes("on".to_owned()),
        Err(error) => Held::Refused(error.to_string()),
    }
}
