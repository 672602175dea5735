//! Requests to a store behind TLS: what connections that stay open are worth, and what the checks of one request cost.

#[cfg(target_os = "linux")]
pub(crate) mod instructions;
mod once;
mod overhead;
mod store;
mod warm;

use std::time::Duration;

use crate::Effort;
use crate::report::Report;

const GROUP: &str = "egress";

/// How long a store takes that is not on this machine.
const DELAY: Duration = Duration::from_millis(20);

pub(crate) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    warm::measure(effort, report)?;
    overhead::measure(effort, report)?;
    #[cfg(target_os = "linux")]
    instructions::measure(effort, report)?;
    Ok(())
}
