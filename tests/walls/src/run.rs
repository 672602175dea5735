//! One guest, from its load to the aftermath.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use portcullis_sandbox::{CallError, Outcome, Provider};

use crate::aftermath::Footprint;
use crate::neighbour::{self, Latency};
use crate::observed::{Ended, Observed};
use crate::stage::{self, Kept, Stage};
use crate::{Behaviour, HOST_MEMORY, guest};

/// Panics of the process since it began to count. A guest that causes one has won.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A guest that was contained.
#[derive(Clone, Copy, Debug)]
pub struct Contained {
    /// From the call (or the load, where it was refused there) to its end.
    pub time: Duration,
    /// Most bytes that the host had allocated for it at once.
    pub host_memory: usize,
    /// The neighbour meanwhile. `None` where the guest was refused at load.
    pub neighbour: Option<Latency>,
}

/// Runs one guest, and its host.
///
/// # Errors
///
/// What did not hold, in words: the required end, the neighbour's calls, the aftermath, the next call.
pub fn run(name: &str, behaviour: &Behaviour, stage: &Stage) -> Result<Contained, String> {
    count_panics();
    let panics = PANICS.load(Ordering::SeqCst);
    let contained = contain(name, behaviour, stage)?;
    match PANICS.load(Ordering::SeqCst).saturating_sub(panics) {
        0 => Ok(contained),
        count => Err(format!("the host panicked {count} times")),
    }
}

fn contain(name: &str, behaviour: &Behaviour, stage: &Stage) -> Result<Contained, String> {
    let text = |error: anyhow::Error| format!("{error:#}");
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    // What a grant names is a path without links in it.
    let scene = folder.path().canonicalize().map_err(|error| error.to_string())?;
    (behaviour.scene)(&scene).map_err(|error| format!("the scene cannot be made: {error}"))?;
    let section = section(behaviour, &scene.display().to_string());
    let component = guest::component(name).map_err(text)?;
    let events = Arc::new(Kept::default());

    let before_load = start_counting();
    let began = Instant::now();
    let linked = stage::link(
        &stage.engine,
        component,
        &section,
        behaviour.environment,
        behaviour.compiling,
        Arc::clone(&events) as _,
    );
    let time_of_load = began.elapsed();
    let memory_of_load = HOST_MEMORY.peak_usage().saturating_sub(before_load);
    let provider = match linked {
        Ok(provider) => Arc::new(provider),
        Err(error) => {
            let (time, host_memory) = (time_of_load, memory_of_load);
            let ended = Some(Err(Ended::AtLoad(format!("{error:#}"))));
            (behaviour.check)(&Observed { ended, events: events.take(), host_memory, scene })?;
            return Ok(Contained { time, host_memory, neighbour: None });
        }
    };

    let own = if behaviour.one_thread { Some(stage::runtime(true).map_err(text)?) } else { None };
    let runtime = own.as_ref().unwrap_or(&stage.runtime);
    if !behaviour.always_hostile {
        calm(&provider, runtime)?;
    }
    events.take();
    let footprint = Footprint::now(&stage.engine, runtime);
    let before_call = start_counting();
    let (ended, time, neighbour) = runtime.block_on(beside(behaviour, &provider, stage, &scene))?;
    let host_memory = HOST_MEMORY.peak_usage().saturating_sub(before_call);
    (behaviour.check)(&Observed { ended, events: events.take(), host_memory, scene: scene.clone() })?;

    footprint.restored(&stage.engine, runtime)?;
    if behaviour.always_hostile {
        let again = runtime.block_on(provider.resolve(&behaviour.handles)).map_err(Ended::Called);
        let observed = Observed { ended: Some(again), events: events.take(), host_memory: 0, scene };
        (behaviour.check)(&observed).map_err(|error| format!("the next call: {error}"))?;
    } else {
        calm(&provider, runtime).map_err(|error| format!("the next call: {error}"))?;
    }
    let (time, host_memory) =
        if behaviour.hostile_at_load { (time_of_load, memory_of_load) } else { (time, host_memory) };
    Ok(Contained { time, host_memory, neighbour: Some(neighbour) })
}

/// The hostile call with the neighbour beside it.
async fn beside(
    behaviour: &Behaviour,
    provider: &Arc<Provider>,
    stage: &Stage,
    scene: &std::path::Path,
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

/// What is allocated now; the peak is counted from here.
fn start_counting() -> usize {
    HOST_MEMORY.reset_peak_usage();
    HOST_MEMORY.current_usage()
}

fn count_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            usual(panic);
        }));
    });
}
