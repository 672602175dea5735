//! The engine: compiler, allocator and ticker, one for a process.

mod pool;
mod settings;
mod ticker;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, OnceLock};

use thiserror::Error;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::component::plain;

pub use pool::Slots;
pub(crate) use pool::{MEMORIES, TABLES};
use settings::{BUILD, Compiling};
pub(crate) use ticker::InFlight;
use ticker::Ticker;

/// Calls that may be in flight at once in a process that lives on.
///
/// 32 calls reserve about 0.8 TiB of address space (not memory), which 64-bit systems have; where they do not, the
/// engine falls back to allocation on demand.
pub const DEFAULT_CALLS: u32 = 32;

/// The major version of wasmtime, for reports.
#[must_use]
pub fn wasmtime_version() -> String {
    wasmtime::ModuleVersionStrategy::WasmtimeVersion.as_str().to_owned()
}

/// The engine could not be built, or does not take a component.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// It does not start.
    #[error("the WebAssembly engine cannot start: {0}; this processor or system may lack what it needs")]
    Start(String),
    /// A component needs more memories, tables or instances than one may have, or its code finds no memory.
    #[error("the engine does not take the component: {0}")]
    Component(String),
}

impl EngineError {
    fn start(error: wasmtime::Error) -> Self {
        Self::Start(format!("{error:#}"))
    }

    pub(crate) fn component(error: wasmtime::Error) -> Self {
        Self::Component(plain(&format!("{error:#}")))
    }
}

/// A WebAssembly engine with settings for untrusted code. Cheap to clone; clones share everything.
///
/// # Examples
///
/// ```
/// let engine = portcullis_sandbox::Engine::new(portcullis_sandbox::DEFAULT_CALLS)?;
/// # Ok::<(), portcullis_sandbox::EngineError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    wasmtime: wasmtime::Engine,
    ticker: Ticker,
    slots: Semaphore,
    calls: usize,
    pooled: bool,
    id: OnceLock<u64>,
}

/// Calls of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Under way.
    pub in_flight: usize,
    /// At most; more wait for their turn.
    pub limit: usize,
}

/// What a call holds while it runs: a slot of the pool, and the ticking epoch.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    _permit: SemaphorePermit<'a>,
    _in_flight: InFlight,
}

impl Engine {
    /// Builds an engine for at most `calls` calls at once; more wait for their turn. It compiles on one thread.
    ///
    /// The pooling allocator is tried first. Where its address space cannot be reserved (small containers, 39-bit
    /// processors, `RLIMIT_AS`) instances are allocated on demand, and one log line says so.
    ///
    /// # Errors
    ///
    /// Where neither can be had.
    pub fn new(calls: u32) -> Result<Self, EngineError> {
        let calls = calls.max(1);
        let mut pooling = settings::hardened(Compiling::Alone)?;
        pooling.allocation_strategy(pool::strategy(calls));
        match wasmtime::Engine::new(&pooling) {
            Ok(wasmtime) => Ok(Self::with(wasmtime, calls, true)),
            Err(error) => {
                tracing::warn!(%error, "no address space for the instance pool: allocating on demand");
                Self::unpooled(calls, Compiling::Alone)
            }
        }
    }

    /// Builds an engine without a pool, for a process that makes a few calls and ends.
    ///
    /// Reserving and giving back a pool takes longer than the calls of such a process. Every limit holds as with one. It
    /// compiles on all processors.
    ///
    /// # Errors
    ///
    /// Where the engine cannot start.
    pub fn on_demand(calls: u32) -> Result<Self, EngineError> {
        Self::unpooled(calls, Compiling::Parallel)
    }

    fn unpooled(calls: u32, compiling: Compiling) -> Result<Self, EngineError> {
        let config = settings::hardened(compiling)?;
        let wasmtime = wasmtime::Engine::new(&config).map_err(EngineError::start)?;
        Ok(Self::with(wasmtime, calls.max(1), false))
    }

    fn with(wasmtime: wasmtime::Engine, calls: u32, pooled: bool) -> Self {
        let calls = usize::try_from(calls).unwrap_or(Semaphore::MAX_PERMITS);
        let (slots, ticker) = (Semaphore::new(calls), Ticker::new());
        Self(Arc::new(Inner { wasmtime, ticker, slots, calls, pooled, id: OnceLock::new() }))
    }

    /// Whether the pooling allocator is in use.
    #[must_use]
    pub fn is_pooled(&self) -> bool {
        self.0.pooled
    }

    /// How many calls are under way at this moment, and how many may be.
    #[must_use]
    pub fn calls(&self) -> Calls {
        let limit = self.0.calls;
        Calls { in_flight: limit.saturating_sub(self.0.slots.available_permits()), limit }
    }

    /// How many slots of the pool calls hold at this moment. `None` without a pool.
    #[must_use]
    pub fn slots_in_use(&self) -> Option<Slots> {
        let pool = self.0.wasmtime.pooling_allocator_metrics()?;
        Some(Slots {
            instances: pool.component_instances(),
            core_instances: pool.core_instances(),
            memories: pool.memories(),
            tables: pool.tables(),
            stacks: pool.stacks(),
        })
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.0.wasmtime
    }

    /// Names the engine: compiler version, settings, target and this build.
    pub(crate) fn id(&self) -> u64 {
        *self.0.id.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            self.0.wasmtime.precompile_compatibility_hash().hash(&mut hasher);
            BUILD.hash(&mut hasher);
            hasher.finish()
        })
    }

    /// Waits for a free slot. `None` where no ticker thread can be had.
    pub(crate) async fn slot(&self) -> Option<Slot<'_>> {
        let permit = self.0.slots.acquire().await.ok()?;
        let in_flight = self.0.ticker.start(&self.0.wasmtime)?;
        Some(Slot { _permit: permit, _in_flight: in_flight })
    }
}
