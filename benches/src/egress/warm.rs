//! 200 requests to a store that takes 20 ms for each: a fresh sandbox for each batch, over connections that stay open and in
//! parallel, against a helper's way, one after the other on new connections.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use portcullis_policy::NoEvents;
use portcullis_sandbox::{DEFAULT_CALLS, Engine, Provider};
use secrecy::ExposeSecret as _;

use super::store::{Site, Store};
use super::{DELAY, GROUP};
use crate::Effort;
use crate::report::{Goal, Report};
use crate::samples::Samples;

const REQUESTS: usize = 200;
/// Requests of one batch, sent eight at once by the SDK's client.
const BATCH: usize = 8;

pub(super) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    let Store { server: _running, site } = Store::open(DELAY)?;
    let provider = provider(&site)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let url = &site.url;
    let request = format!(r#"{{"url": "{url}"}}"#);
    let handle =
        format!(r#"attack:{{"requests": [{}], "parallel": {BATCH}}}"#, vec![request; BATCH].join(", "));
    let expected = ["200 512"; BATCH].join("\n");
    let handles = [handle];

    let [mut ours, mut theirs] = [(); 2].map(|()| Samples::default());
    let rounds = effort.repeat(3);
    for _ in 0..rounds {
        runtime.block_on(ours.time_async(async {
            for _ in 0..REQUESTS.div_ceil(BATCH) {
                let outcomes = provider.resolve(&handles).await?;
                let value =
                    outcomes.first().context("an outcome")?.as_ref().map_err(|e| anyhow::anyhow!("{e}"))?;
                anyhow::ensure!(value.value.expose_secret() == expected, "{:?}", value.value.expose_secret());
            }
            Ok(())
        }))?;
        runtime.block_on(theirs.time_async(async {
            for _ in 0..REQUESTS {
                let body = site.bare()?.get(url).send().await?.bytes().await?;
                anyhow::ensure!(body.len() == 512, "{} bytes", body.len());
            }
            Ok(())
        }))?;
    }
    let [ours, theirs] = [ours, theirs].map(|samples| samples.summary(rounds));
    report.time(GROUP, "200 requests: fresh sandboxes, warm and parallel", &ours);
    report.time(GROUP, "200 requests: one by one on new connections", &theirs);
    // Eight at once would be eight times as fast, but for the handshakes, which it saves too.
    report.ratio(GROUP, "one by one over warm and parallel", theirs.over(&ours), Goal::AtLeast(8.0));
    Ok(())
}

/// The backend that sends what its handles say, by way of the SDK's client.
fn provider(store: &Site) -> anyhow::Result<Provider> {
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/guests/dist/network_client.wasm");
    let component = std::fs::read(guest).context("no guest: run `cargo xtask guests`")?;
    let engine = Engine::new(DEFAULT_CALLS)?;
    let component = engine.load(&engine.compile(&store.policy.decide_component(component)?)?)?;
    let environment = store.policy.decide_environment(|_| None);
    let client = Some(store.client()?);
    Ok(Provider::link(
        &engine,
        &component,
        Arc::clone(&store.policy),
        [],
        environment,
        client,
        Arc::new(NoEvents),
    )?)
}
