//! What reading, deciding, attaching and scrubbing add to a request, over the same client library on a connection that is
//! open already.

use std::hint::black_box;
use std::time::Duration;

use http_body_util::BodyExt as _;
use portcullis_egress::{GuestTimeouts, RequestBody};
use portcullis_policy::Request;

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
    let store = Store::open(Duration::ZERO)?;
    let (client, bare) = (store.client()?, store.bare()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (url, late_store) = (store.url(), Store::open(DELAY)?);
    let (late_url, late_bare) = (late_store.url(), late_store.bare()?);
    let headers = http::HeaderMap::new();
    let [mut on_ours, mut on_bare, mut late, mut deciding] = [(); 4].map(|()| Samples::default());
    for _ in 0..ROUNDS {
        for _ in 0..effort.repeat(REQUESTS) {
            // Turn by turn: the machine is never fast for one alone.
            runtime.block_on(on_ours.time_async(async {
                let request = store.policy.decide_request(&Request::parse("GET", &url, [""; 0])?)?;
                let answer =
                    client.send(&request, &headers, RequestBody::empty(), GuestTimeouts::default()).await?;
                let body = answer.into_body().collect().await?.to_bytes();
                anyhow::ensure!(body.len() == 512, "{} bytes", body.len());
                Ok(())
            }))?;
            runtime.block_on(on_bare.time_async(async {
                let answer = bare.get(&url).header("x-vault-token", "hvs.0123456789abcdef").send().await?;
                anyhow::ensure!(answer.bytes().await?.len() == 512);
                Ok(())
            }))?;
        }
        for _ in 0..effort.repeat(LATE) {
            runtime.block_on(late.time_async(async {
                let answer = late_bare.get(&late_url).send().await?;
                anyhow::ensure!(answer.bytes().await?.len() == 512);
                Ok(())
            }))?;
        }
        for _ in 0..effort.repeat(REQUESTS) {
            deciding.time(|| {
                for _ in 0..DECISIONS {
                    let request = Request::parse("GET", black_box(&url), [""; 0])?;
                    black_box(store.policy.decide_request(&request)?);
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
