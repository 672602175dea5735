//! The plot of most rows: one provider, one hostile call with the neighbour beside it, and the call after it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portcullis_sandbox::{CallError, Outcome, Provider};

use crate::aftermath::Footprint;
use crate::captured::captured;
use crate::cost::Cost;
use crate::neighbour::{self, Latency};
use crate::observed::{Ended, Observed};
use crate::setup::{self, Setup};
use crate::stage::{self, Kept, Stage};
use crate::{Behaviour, guest};

/// Links the guest, calls it, and looks at the end and at the aftermath. Gives what it cost, and the neighbour meanwhile.
pub(crate) fn call(
    name: &str,
    behaviour: &Behaviour,
    check: fn(&Observed) -> Result<(), String>,
    stage: &Stage,
    scene: &Path,
) -> Result<(Cost, Option<Latency>), String> {
    let text = |error: anyhow::Error| format!("{error:#}");
    let section = section(behaviour, &scene.display().to_string());
    let setup = Setup {
        section: &section,
        settings: behaviour.settings,
        environment: behaviour.environment,
        compiling: behaviour.compiling,
        ..Setup::default()
    };
    let component = guest::component(name).map_err(text)?;
    let events = Arc::new(Kept::default());
    let observed = |ended, host_memory| Observed {
        ended,
        events: events.take(),
        host_memory,
        scene: scene.to_owned(),
        said: String::new(),
    };

    let (linked, load) = Cost::of(|| setup::link(&stage.engine, component, &setup, Arc::clone(&events) as _));
    let provider = match linked {
        Ok(provider) => Arc::new(provider),
        Err(error) => {
            check(&observed(Some(Err(Ended::AtLoad(format!("{error:#}")))), load.memory))?;
            return Ok((load, None));
        }
    };

    let own = if behaviour.one_thread { Some(stage::runtime(true).map_err(text)?) } else { None };
    let runtime = own.as_ref().unwrap_or(&stage.runtime);
    if !behaviour.always_hostile {
        calm(&provider, runtime)?;
    }
    events.take();
    let footprint = Footprint::at_rest(&stage.engine, runtime);
    let (called, spent) = Cost::of(|| {
        let act = || runtime.block_on(beside(behaviour, &provider, stage, scene));
        if behaviour.logged { captured(act) } else { (act(), String::new()) }
    });
    let ((ended, time, neighbour), log) = (called.0?, called.1);
    let said = format!("{log}\n{provider:?}");
    check(&Observed { said, ..observed(ended, spent.memory) })?;

    footprint.restored(&stage.engine, runtime)?;
    if behaviour.always_hostile {
        let again = runtime.block_on(provider.resolve(&behaviour.handles)).map_err(Ended::Called);
        check(&observed(Some(again), 0)).map_err(|error| format!("the next call: {error}"))?;
    } else {
        calm(&provider, runtime).map_err(|error| format!("the next call: {error}"))?;
    }
    // The neighbour may take longer than the call: its time is not the call's.
    let cost = if behaviour.hostile_at_load { load } else { Cost { time, ..spent } };
    Ok((cost, Some(neighbour)))
}

/// The hostile call with the neighbour beside it.
async fn beside(
    behaviour: &Behaviour,
    provider: &Arc<Provider>,
    stage: &Stage,
    scene: &Path,
) -> Result<(Option<Result<Vec<Outcome>, Ended>>, Duration, Latency), String> {
    let stop = Arc::new(AtomicBool::new(false));
    let neighbour = tokio::spawn(neighbour::keep_calling(Arc::clone(&stage.neighbour), Arc::clone(&stop)));
    let meanwhile = behaviour.meanwhile.map(|act| {
        let (stop, scene) = (Arc::clone(&stop), scene.to_owned());
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                act(&scene);
            }
        })
    });
    let (hostile, handles) = (Arc::clone(provider), behaviour.handles.clone());
    let patience = behaviour.abandoned_after;
    // A task of its own, so that it does not share the thread of whoever waits for it.
    let called = tokio::spawn(async move {
        let began = Instant::now();
        let call = hostile.resolve(&handles);
        let ended = match patience {
            Some(patience) => tokio::time::timeout(patience, call).await.ok(),
            None => Some(call.await),
        };
        (ended.map(|ended| ended.map_err(Ended::Called)), began.elapsed())
    });
    let called = called.await;
    stop.store(true, Ordering::Relaxed);
    let neighbour = neighbour.await.map_err(|error| error.to_string())??;
    if let Some(Err(_)) = meanwhile.map(std::thread::JoinHandle::join) {
        return Err("the host's own part of the scene panicked".to_owned());
    }
    let (ended, time) = called.map_err(|error| format!("the call did not end: {error}"))?;
    Ok((ended, time, neighbour))
}

/// A call of the same provider that asks for nothing bad.
pub(crate) fn calm(provider: &Provider, runtime: &tokio::runtime::Runtime) -> Result<(), String> {
    let handles = ["calm", "and quiet"].map(str::to_owned);
    let answered: Result<Vec<Outcome>, CallError> = runtime.block_on(provider.resolve(&handles));
    match answered {
        Ok(outcomes) if outcomes.iter().all(Result::is_ok) => Ok(()),
        other => Err(format!("a calm call fails: {other:?}")),
    }
}

/// The provider's section of a Portcullis file.
fn section(behaviour: &Behaviour, scene: &str) -> String {
    let mut section = String::new();
    for line in behaviour.grants.replace("{scene}", scene).lines() {
        section.push_str("    ");
        section.push_str(line);
        section.push('\n');
    }
    if !behaviour.limits.is_empty() {
        section.push_str(&format!("    limits: {{ {} }}\n", behaviour.limits));
    }
    section
}
