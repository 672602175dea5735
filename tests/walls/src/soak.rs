//! Good and hostile guests in turns, many times: nothing grows.

use std::sync::Arc;

use portcullis_sandbox::Provider;

use crate::aftermath::resident;
use crate::guest;
use crate::stage::{self, Kept, Stage};

/// What a soak began and ended with.
#[derive(Clone, Copy, Debug)]
pub struct Soaked {
    /// Calls that were made.
    pub calls: usize,
    /// Resident memory in bytes after the first tenth, and at the end.
    pub resident: (usize, usize),
    /// Open descriptors after the first tenth, and at the end.
    pub descriptors: (usize, usize),
}

/// Resident memory may move by so much over a whole soak: the allocator's own grain.
const SLACK: usize = 8 << 20;

impl Soaked {
    /// Neither memory nor descriptors grew.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.resident.1 <= self.resident.0.saturating_add(SLACK) && self.descriptors.0 == self.descriptors.1
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

/// Makes `calls` calls, every second of them hostile, each hostile guest in its turn. `progress` hears of each tenth.
///
/// # Errors
///
/// Where a calm call fails, or a hostile one answers.
pub fn soak(stage: &Stage, calls: usize, progress: impl Fn(usize)) -> Result<Soaked, String> {
    let hostile = SOAKED.iter().map(|name| provider(stage, name)).collect::<Result<Vec<_>, _>>()?;
    let calm = ["calm", "and quiet"].map(str::to_owned);
    let attack = ["attack", "and quiet"].map(str::to_owned);
    let mut first = None;
    for turn in 0..calls / 2 {
        let (name, hostile) = &hostile[turn % hostile.len()];
        let good = stage.runtime.block_on(stage.neighbour.resolve(&calm));
        if !good.as_ref().is_ok_and(|outcomes| outcomes.iter().all(Result::is_ok)) {
            return Err(format!("call {}: a good guest failed beside {name}: {good:?}", 2 * turn));
        }
        let bad = stage.runtime.block_on(hostile.resolve(&attack));
        if bad.is_ok() {
            return Err(format!("call {}: {name} answered", 2 * turn + 1));
        }
        if turn % (calls / 20).max(1) == 0 {
            progress(2 * turn);
        }
        if turn == calls / 20 {
            first = Some((resident(), descriptors()));
        }
    }
    let (first_resident, first_descriptors) = first.unwrap_or_else(|| (resident(), descriptors()));
    Ok(Soaked {
        calls,
        resident: (first_resident, resident()),
        descriptors: (first_descriptors, descriptors()),
    })
}

fn provider(stage: &Stage, name: &'static str) -> Result<(&'static str, Provider), String> {
    let component = guest::component(name).map_err(|error| format!("{error:#}"))?;
    let section = format!("    limits: {{ {LIMITS} }}\n");
    let provider = stage::link(&stage.engine, component, &section, &[], Arc::new(Kept::default()))
        .map_err(|error| format!("{name}: {error:#}"))?;
    Ok((name, provider))
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or_default()
}
