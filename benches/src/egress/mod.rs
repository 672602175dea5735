//! Requests to a store behind TLS: what connections that stay open are worth, and what the checks of one request cost.

mod overhead;
mod store;
mod warm;

use crate::Effort;
use crate::report::Report;

const GROUP: &str = "egress";

pub(crate) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    warm::measure(effort, report)?;
    overhead::measure(effort, report)
}
