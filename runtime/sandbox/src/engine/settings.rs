//! Every engine setting that is not wasmtime's default, each with its reason.
//!
//! The list is part of an artefact's identity: what is compiled under one list is never run under another.

use wasmtime::{Config, ModuleVersionStrategy, OptLevel, ProfilingStrategy, Strategy, WasmBacktraceDetails};

use super::EngineError;

/// Stack that one guest may use, in bytes. wasmtime's own default: enough for CPython.
const GUEST_STACK: usize = 512 << 10;

/// Stack of one call's fiber, guest and host part together, in bytes. Must exceed [`GUEST_STACK`].
const FIBER_STACK: usize = 1 << 20;

/// What artefacts of this build are marked with, beside wasmtime's own version and settings.
pub(super) const BUILD: &str = concat!("portcullis-", env!("CARGO_PKG_VERSION"), "-a3");

/// Who compiles beside the thread that asks for it. It changes nothing about the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compiling {
    /// Nobody: the threads and processors of a host that lives on are its own.
    Alone,
    /// Every processor: the process exists for this.
    Parallel,
}

/// The settings for code that nobody here wrote.
pub(super) fn hardened(compiling: Compiling) -> Result<Config, EngineError> {
    let mut config = Config::new();
    config.parallel_compilation(compiling == Compiling::Parallel);

    // Cranelift alone: the baseline compiler has had escapes, and cannot be interrupted by epochs.
    config.strategy(Strategy::Cranelift).cranelift_opt_level(OptLevel::Speed);
    // The baseline of the target and not this very processor: an artefact that was compiled on one machine, or into
    // the binary, fits every machine of its kind.
    config.target(env!("PORTCULLIS_TARGET")).map_err(EngineError::start)?;
    // Loops and function entries look at the epoch: this is what bounds processor time.
    config.epoch_interruption(true);
    // WASI 0.2 needs no component-model concurrency; without it a call costs half.
    config.concurrency_support(false);

    config.max_wasm_stack(GUEST_STACK).async_stack_size(FIBER_STACK);
    // Secrets pass over these stacks.
    config.async_stack_zeroing(true);

    // Names in a backtrace are the guest's text, and no environment variable may turn on a DWARF parser.
    config.wasm_backtrace_max_frames(None).wasm_backtrace_details(WasmBacktraceDetails::Disable);
    config.debug_info(false).native_unwind_info(false).profiler(ProfilingStrategy::None);
    // Only backtraces read the map from code back to wasm, and it is a third of an artefact.
    config.generate_address_map(false);

    // A smaller validator and compiler. Shared memory would pass by the limiter.
    config
        .shared_memory(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_gc(false)
        .wasm_relaxed_simd(false)
        .wasm_stack_switching(false)
        .wasm_shared_everything_threads(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false)
        .wasm_component_model_error_context(false)
        .wasm_component_model_gc(false)
        .wasm_component_model_map(false)
        .wasm_component_model_memory64(false)
        .wasm_component_model_fixed_length_lists(false)
        .wasm_component_model_implements(false);

    config.module_version(ModuleVersionStrategy::Custom(BUILD.to_owned())).map_err(EngineError::start)?;
    Ok(config)
}
