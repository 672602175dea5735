//! The process that is stepped.

use std::io::Read as _;

use nix::sys::ptrace;
use nix::sys::signal::{Signal, raise};

use super::super::once::Once;
use super::super::store::Site;
use super::Counted;

/// Requests before the first that counts: connections are open by then, and what is made once is made.
const WARM: usize = 3;

/// Does `what` so many times between two stops. The certificate of the store's authority is on standard input.
pub(crate) fn main(what: Counted, times: usize, origin: &str) -> anyhow::Result<()> {
    let mut pem = String::new();
    std::io::stdin().read_to_string(&mut pem)?;
    let once = Once::new(Site::new(origin.to_owned(), pem)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let run = |times: usize| -> anyhow::Result<()> {
        for _ in 0..times {
            match what {
                Counted::Nothing => {}
                Counted::Decide => drop(once.decide()?),
                Counted::Ours => runtime.block_on(once.ours())?,
                Counted::Bare => runtime.block_on(once.bare())?,
            }
        }
        Ok(())
    };
    run(WARM)?;
    ptrace::traceme()?;
    raise(Signal::SIGSTOP)?;
    run(times)?;
    raise(Signal::SIGSTOP)?;
    Ok(())
}
