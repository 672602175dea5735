//! What reading, deciding, attaching and scrubbing add to a request, over the same client library on a connection that is
//! open already.

use std::hint::black_box;
use std::time::Duration;

use super::once::Once;
use super::store::Store;
use super::{DELAY, GROUP};
use crate::Effort;
use crate::report::{Goal, Report};
use crate::samples::Samples;

const ROUNDS: usize = 10;
const REQUESTS: usize = 300;
/// To the store that takes its time.
const LATE: usize = 10;
/// Decisions that are timed as one: a single one is shorter than what a clock tells.
const DECISIONS: u32 = 100;

pub(super) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    let Store { server: _running, site } = Store::open(Duration::ZERO)?;
    let Store { server: _late, site: late_site } = Store::open(DELAY)?;
    let (once, once_late) = (Once::new(site)?, Once::new(late_site)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let [mut on_ours, mut on_bare, mut late, mut deciding] = [(); 4].map(|()| Samples::default());
    for _ in 0..ROUNDS {
        for _ in 0..effort.repeat(REQUESTS) {
            // Turn by turn: the machine is never fast for one alone.
            runtime.block_on(on_ours.time_async(once.ours()))?;
            runtime.block_on(on_bare.time_async(once.bare()))?;
        }
        for _ in 0..effort.repeat(LATE) {
            runtime.block_on(late.time_async(once_late.bare()))?;
        }
        for _ in 0..effort.repeat(REQUESTS) {
            deciding.time(|| {
                for _ in 0..DECISIONS {
                    black_box(once.decide()?);
                }
                Ok(())
            })?;
        }
    }
    let [on_ours, deciding] = [on_ours, deciding].map(|samples| samples.summary(ROUNDS));
    report.time(GROUP, "a request: read, decided, credentialed, scrubbed", &on_ours);
    report.time(GROUP, "100 requests read and decided", &deciding);
    let [late, alone] = [late, on_bare].map(|samples| samples.summary(ROUNDS));
    report.time(GROUP, "a request: the same client library alone", &alone);
    report.time(GROUP, "a request to a store that takes 20 ms: the library alone", &late);
    report.ratio(
        GROUP,
        "our request over the library's, the store at once there",
        on_ours.over(&alone),
        None,
    );
    let more = on_ours.over(&late) - alone.over(&late);
    report.ratio(GROUP, "what we add, as a share of a request that takes 20 ms", more, Goal::AtMost(0.05));
    Ok(())
}
