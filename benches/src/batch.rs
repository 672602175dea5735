//! A batch in a fresh sandbox: through a provider of ours, on bare wasmtime, and through a native helper process.

use std::process::Command;
use std::sync::Arc;

use anyhow::Context as _;
use portcullis_policy::{Grants, NoEvents, Policy, Profile, ProviderName};
use portcullis_sandbox::{DEFAULT_CALLS, Engine, Provider};
use secrecy::ExposeSecret as _;

use crate::Effort;
use crate::bare::Bare;
use crate::guest;
use crate::helper::{self, Request};
use crate::report::{Goal, Report};
use crate::samples::Samples;

const GROUP: &str = "batch";

/// Handles in a batch, and how often each of the two runtimes and the helper is run in one round.
const SIZES: [(usize, usize, usize); 4] = [(1, 2_000, 40), (8, 2_000, 40), (1_000, 100, 20), (10_000, 20, 4)];

/// Who is compared takes turns so often.
const ROUNDS: usize = 10;

pub(crate) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    let component = guest::echo()?;
    let bare = Bare::new(&component)?;
    let provider = provider(component)?;
    let helper = helper::compile()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;

    for (size, calls, spawns) in SIZES {
        let handles = guest::handles(size);
        runtime.block_on(check(&bare, &provider, &handles))?;
        let [mut on_bare, mut on_ours, mut on_helper] = [(); 3].map(|()| Samples::default());
        for _ in 0..ROUNDS {
            for _ in 0..effort.repeat(spawns) {
                let request = Request::plain(&handles);
                on_helper.time(|| helper::exchange(&mut Command::new(&helper), &request))?;
            }
            for _ in 0..effort.repeat(calls) {
                runtime.block_on(on_bare.time_async(bare.resolve(&handles)))?;
            }
            for _ in 0..effort.repeat(calls) {
                runtime.block_on(on_ours.time_async(async { Ok(provider.resolve(&handles).await?) }))?;
            }
        }
        let [on_bare, on_ours, on_helper] =
            [on_bare, on_ours, on_helper].map(|samples| samples.summary(ROUNDS));

        let handles = if size == 1 { "1 handle".to_owned() } else { format!("{size} handles") };
        report.time(GROUP, format!("{handles}: bare wasmtime"), &on_bare);
        report.time(GROUP, format!("{handles}: sandboxed provider"), &on_ours);
        report.time(GROUP, format!("{handles}: native helper process"), &on_helper);
        let goals = (size == 8).then_some((Goal::AtMost(3.0), Goal::AtLeast(30.0)));
        let over = format!("{handles}: provider over bare wasmtime");
        report.ratio(GROUP, over, on_ours.over(&on_bare), goals.map(|goals| goals.0));
        let over = format!("{handles}: helper process over provider");
        report.ratio(GROUP, over, on_helper.over(&on_ours), goals.map(|goals| goals.1));
    }
    Ok(())
}

/// The echo component under the limits of any custom component.
fn provider(component: Vec<u8>) -> anyhow::Result<Provider> {
    let engine = Engine::new(DEFAULT_CALLS)?;
    let policy = Policy::compile(ProviderName::new("echo")?, Profile::Custom, Grants::default(), None)?;
    let component = engine.load(&engine.compile(&policy.decide_component(component)?)?)?;
    let environment = policy.decide_environment(|_| None);
    Ok(Provider::link(&engine, &component, Arc::new(policy), [], environment, None, Arc::new(NoEvents))?)
}

/// Both runtimes answer what was asked: a wrong answer would be a fast one.
async fn check(bare: &Bare, provider: &Provider, handles: &[String]) -> anyhow::Result<()> {
    let answers = bare.resolve(handles).await?;
    anyhow::ensure!(answers.iter().map(|answer| &answer.handle).eq(handles), "bare wasmtime answers wrongly");
    let outcomes = provider.resolve(handles).await?;
    anyhow::ensure!(outcomes.len() == handles.len(), "the provider answers {} handles", outcomes.len());
    for (outcome, handle) in outcomes.iter().zip(handles) {
        let value = outcome.as_ref().ok().context("the provider fails a handle")?;
        anyhow::ensure!(value.value.expose_secret() == handle, "the provider answers wrongly");
    }
    Ok(())
}
