//! Good and hostile guests in turns, many times: nothing grows.

use std::sync::Arc;

use portcullis_policy::NoEvents;
use portcullis_sandbox::Provider;

use crate::aftermath::{descriptors, resident};
use crate::call::calm;
use crate::guest;
use crate::setup::{self, Setup};
use crate::stage::Stage;

/// What the process held at one moment of a soak.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Calls so far.
    pub calls: usize,
    /// Resident memory in bytes.
    pub resident: usize,
    /// Open descriptors.
    pub descriptors: usize,
}

/// Resident memory may move by so much over a whole soak: the allocator's own grain.
const SLACK: usize = 8 << 20;

/// Neither memory nor descriptors grew.
#[must_use]
pub fn is_flat(held: &[Held]) -> bool {
    match (held.first(), held.last()) {
        (Some(first), Some(last)) => {
            last.resident <= first.resident.saturating_add(SLACK) && last.descriptors == first.descriptors
        }
        _ => false,
    }
}

/// Tight limits, so that many calls fit into the time.
const LIMITS: &str = "cpu: 5ms, wall: 10ms, memory: 16MiB";

/// The guests that a soak takes turns with: those that need no files and end by themselves or by [`LIMITS`].
const SOAKED: &[&str] = &[
    "compute_infinite_loop",
    "compute_infinite_recursion",
    "compute_poll_far_future",
    "compute_poll_zero",
    "compute_trap",
    "memory_fill",
    "memory_grow",
    "memory_handles",
    "protocol_duplicate",
    "protocol_list_of_2_28",
    "protocol_pointer_outside",
];

/// Makes `calls` calls, every second of them hostile, each hostile guest in its turn. Returns what was held after each
/// tenth; `progress` hears of it at once.
///
/// # Errors
///
/// Where a calm call fails, or a hostile one answers.
pub fn soak(stage: &Stage, calls: usize, progress: impl Fn(&Held)) -> Result<Vec<Held>, String> {
    let hostile = SOAKED.iter().map(|name| provider(stage, name)).collect::<Result<Vec<_>, _>>()?;
    let attack = ["attack", "and quiet"].map(str::to_owned);
    let turns = calls / 2;
    let mut held = Vec::new();
    for (turn, (name, hostile)) in (1..=turns).zip(hostile.iter().cycle()) {
        calm(&stage.neighbour, &stage.runtime)
            .map_err(|error| format!("call {}, beside {name}: {error}", 2 * turn))?;
        let bad = stage.runtime.block_on(hostile.resolve(&attack));
        if bad.is_ok() {
            return Err(format!("call {}: {name} answered", 2 * turn));
        }
        if turn % (turns / 10).max(1) == 0 {
            let now = Held { calls: 2 * turn, resident: resident(), descriptors: descriptors() };
            progress(&now);
            held.push(now);
        }
    }
    Ok(held)
}

fn provider(stage: &Stage, name: &'static str) -> Result<(&'static str, Provider), String> {
    let component = guest::component(name).map_err(|error| format!("{error:#}"))?;
    let section = format!("    limits: {{ {LIMITS} }}\n");
    let provider = setup::link(
        &stage.engine,
        component,
        &Setup { section: &section, ..Setup::default() },
        Arc::new(NoEvents),
    )
    .map_err(|error| format!("{name}: {error:#}"))?;
    Ok((name, provider))
}
