//! The call itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use portcullis_policy::{EscapedText, GuestStream, Limits};
use secrecy::ExposeSecret as _;
use wasmtime::Store;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{I32Exit, WasiCtx};
use wasmtime_wasi_http::WasiHttpCtx;

use super::answer::{self, Outcome};
use super::bindings::portcullis::secrets::types::{Failure, Resolution};
use super::error::CallError;
use super::meter::{Meter, OverCpu};
use super::{BackendPre, MemoryBudget};
use crate::host::State;
use crate::host::clocks;
use crate::host::filesystem::{Files, Mounts};
use crate::host::http::Requests;
use crate::host::log::GuestLog;
use crate::provider::Provider;

/// Most random bytes that one host call gives.
const RANDOM: u64 = 4 << 10;

/// Most bytes of header fields that a guest may build.
const HTTP_FIELDS: usize = 64 << 10;

/// Longest crash message, in bytes.
const CRASH: usize = 1 << 10;

/// Runs one batch in a store of its own. The wall limit counts from here: whoever queued has done so before.
pub(crate) async fn run(provider: &Provider, handles: &[String]) -> Result<Vec<Outcome>, CallError> {
    let limits = provider.policy().limits();
    let wall = limits.wall.value();
    match tokio::time::timeout(wall, attempt(provider, handles, wall)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(CallError::Wall { limit: wall }),
    }
}

async fn attempt(provider: &Provider, handles: &[String], wall: Duration) -> Result<Vec<Outcome>, CallError> {
    let began = Instant::now();
    let policy = provider.policy();
    let limits = policy.limits();
    let log = GuestLog::new(
        limits,
        policy.provider().clone(),
        Arc::clone(provider.events()),
        provider.client().cloned(),
    );
    let mounts = Mounts::open(policy.decide_mounts());
    let files = Files::new(mounts, limits, policy.provider().clone(), Arc::clone(provider.events()));
    let state = state(provider, limits, &log, files);

    let meter = Meter::new(limits.cpu.value());
    let mut store = store(provider, state, limits, &meter);
    let left = wall.saturating_sub(began.elapsed());
    let called = meter.measure(call(provider.linked(), &mut store, handles, left)).await;

    // A guest that did not ask for its files may be faster than the disk: when the call ends, none is open or being opened.
    store.data_mut().files.settle().await;
    let refused_memory = store.data().memory.was_refused();
    let requests = Arc::clone(store.data().requests.told());
    // Requests that are under way end with the store.
    drop(store);
    log.finish();
    requests.finish();

    match called {
        Err(OverCpu) => Err(CallError::Cpu { limit: limits.cpu.value() }),
        Ok(Err(error)) => Err(classify(&error, refused_memory, limits)),
        Ok(Ok(Err(failure))) => Err(CallError::Failed(scrubbed(provider, answer::failure(failure)))),
        Ok(Ok(Ok(resolutions))) => {
            let outcomes = answer::check(handles, resolutions, limits)?;
            Ok(outcomes
                .into_iter()
                .map(|outcome| outcome.map_err(|failure| scrubbed(provider, failure)))
                .collect())
        }
    }
}

/// A message of the guest's holds no credential that the host attached in its name.
fn scrubbed(provider: &Provider, mut failure: answer::Failure) -> answer::Failure {
    if let Some(client) = provider.client() {
        client.scrub_text(&mut failure.message);
    }
    failure
}

fn state(provider: &Provider, limits: &Limits, log: &Arc<GuestLog>, files: Files) -> State {
    let mut wasi = WasiCtx::builder();
    wasi.stdout(log.stream(GuestStream::Stdout))
        .stderr(log.stream(GuestStream::Stderr))
        .monotonic_clock(clocks::Monotonic::new())
        .wall_clock(clocks::Wall)
        .max_random_size(RANDOM);
    for (name, value) in provider.environment().pairs() {
        wasi.env(name, value.expose_secret());
    }
    let mut table = ResourceTable::new();
    table.set_max_capacity(usize::try_from(limits.handles.value()).unwrap_or(usize::MAX));
    let mut http = WasiHttpCtx::new();
    http.set_field_size_limit(HTTP_FIELDS);
    State {
        wasi: wasi.build(),
        table,
        settings: Arc::clone(provider.settings()),
        files,
        http,
        requests: Requests::new(provider.shared_policy(), provider.client().cloned(), provider.events()),
        memory: MemoryBudget::new(limits.memory.value(), limits.instances.value()),
    }
}

fn store(provider: &Provider, state: State, limits: &Limits, meter: &Arc<Meter>) -> Store<State> {
    let mut store = Store::new(provider.engine().wasmtime(), state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(limits.host_copy.value().as_usize());
    store.set_max_component_handles(usize::try_from(limits.handles.value()).unwrap_or(usize::MAX));
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(Arc::clone(meter).on_tick());
    store
}

async fn call(
    linked: &BackendPre<State>,
    store: &mut Store<State>,
    handles: &[String],
    left: Duration,
) -> wasmtime::Result<Result<Vec<Resolution>, Failure>> {
    let backend = linked.instantiate_async(&mut *store).await?;
    let left = u32::try_from(left.as_millis()).unwrap_or(u32::MAX);
    backend.portcullis_secrets_provider().call_resolve(store, handles, left).await
}

/// Finds out why a guest stopped. The order matters: a guest that was refused memory usually traps afterwards.
fn classify(error: &wasmtime::Error, refused_memory: bool, limits: &Limits) -> CallError {
    if error.is::<OverCpu>() {
        return CallError::Cpu { limit: limits.cpu.value() };
    }
    if error.is::<I32Exit>() {
        return CallError::Exited;
    }
    if refused_memory {
        return CallError::Memory { limit: limits.memory.value() };
    }
    CallError::Trapped { reason: EscapedText::new(&format!("{:#}", error.root_cause()), CRASH) }
}
