//! One guest, from its load to the aftermath.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::Behaviour;
use crate::act::Act;
use crate::aftermath::Footprint;
use crate::behaviour::Plot;
use crate::call::call;
use crate::cost::Cost;
use crate::neighbour::{self, Latency};
use crate::stage::Stage;

/// Panics of the process since it began to count. A guest that causes one has won.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A guest that was contained.
#[derive(Clone, Copy, Debug)]
pub struct Contained {
    /// Of the call, or of the load, where it was refused there.
    pub cost: Cost,
    /// The neighbour meanwhile. `None` where the guest was refused at load.
    pub neighbour: Option<Latency>,
    /// The neighbour just before, with nobody beside it.
    pub alone: Latency,
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
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    // What a grant names is a path without links in it.
    let scene = folder.path().canonicalize().map_err(|error| error.to_string())?;
    (behaviour.scene)(&scene).map_err(|error| format!("the scene cannot be made: {error}"))?;
    let alone = stage.undisturbed()?;
    let (cost, neighbour) = match behaviour.plot {
        Plot::Call(check) => call(name, behaviour, check, stage, &scene)?,
        Plot::Act(act) => perform(Act::new(name, stage, &scene), act, stage)?,
    };
    Ok(Contained { cost, neighbour, alone })
}

/// A row that does more than one call, beside the neighbour. What is tried next is its own; the rest of the aftermath is
/// that of every row.
fn perform(
    act: Act<'_>,
    plot: fn(&Act<'_>) -> Result<(), String>,
    stage: &Stage,
) -> Result<(Cost, Option<Latency>), String> {
    let footprint = Footprint::at_rest(&stage.engine, &stage.runtime);
    let stop = Arc::new(AtomicBool::new(false));
    let neighbour = neighbour::keep_calling(Arc::clone(&stage.neighbour), Arc::clone(&stop));
    let neighbour = stage.runtime.spawn(neighbour);
    let performed = plot(&act);
    stop.store(true, Ordering::Relaxed);
    let neighbour = stage.runtime.block_on(neighbour).map_err(|error| error.to_string())??;
    performed?;
    let cost = act.cost().ok_or("the row attacks nothing")?;
    // With the code that it kept.
    drop(act);
    footprint.restored(&stage.engine, &stage.runtime)?;
    Ok((cost, Some(neighbour)))
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
