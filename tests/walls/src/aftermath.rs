//! What a process holds: compared before and after a guest.

use std::time::{Duration, Instant};

use portcullis_sandbox::{Engine, Slots};

/// Resident memory may differ by so much: the allocator keeps what it was given, pages come and go, and the servers of the
/// tests, which send floods, are in this process too.
const RESIDENT_SLACK: usize = 48 << 20;

/// How long things may take to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the process holds at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footprint {
    /// Open descriptors, where the system tells them.
    pub(crate) descriptors: usize,
    /// Tasks of the runtime that have not ended.
    pub(crate) tasks: usize,
    /// Slots of the pool in use.
    pub(crate) slots: Option<Slots>,
    /// Resident memory in bytes, where the system tells it.
    pub(crate) resident: usize,
}

impl Footprint {
    pub(crate) fn now(engine: &Engine, runtime: &tokio::runtime::Runtime) -> Self {
        Self {
            descriptors: descriptors(),
            tasks: runtime.metrics().num_alive_tasks(),
            slots: engine.slots_in_use(),
            resident: resident(),
        }
    }

    /// What is there before anything is tried: a task that has just ended is counted for a moment longer, and that is waited
    /// for.
    pub(crate) fn at_rest(engine: &Engine, runtime: &tokio::runtime::Runtime) -> Self {
        let began = Instant::now();
        while runtime.metrics().num_alive_tasks() > 0 && began.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
        Self::now(engine, runtime)
    }

    /// Waits until everything is back where it was, and says what is not.
    pub(crate) fn restored(
        &self,
        engine: &Engine,
        runtime: &tokio::runtime::Runtime,
    ) -> Result<Self, String> {
        let began = Instant::now();
        loop {
            let now = Self::now(engine, runtime);
            let same =
                (now.descriptors, now.tasks, &now.slots) == (self.descriptors, self.tasks, &self.slots);
            if same && now.resident <= self.resident.saturating_add(RESIDENT_SLACK) {
                return Ok(now);
            }
            if began.elapsed() > PATIENCE {
                return Err(format!("something is left behind: before {self:?}, after {now:?}"));
            }
            // Threads that still close something get their turn.
            std::thread::yield_now();
        }
    }
}

/// Open descriptors of this process; 0 where the system does not tell.
pub(crate) fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or_default()
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
pub(crate) fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or_default().saturating_mul(4096)
}
