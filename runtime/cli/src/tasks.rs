//! The runtime of the one-shot doors: one thread, and nothing stuck can hold the exit.

use anyhow::Context as _;
use portcullis::Resolver;

/// Runs a future to its end. Whatever still blocks a helper thread afterwards is left behind, not waited for.
///
/// Sockets are waited for only where the resolver has any: the second wall has taken the calls for it otherwise.
pub(crate) fn block_on<T>(resolver: &Resolver, future: impl Future<Output = T>) -> anyhow::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time();
    if resolver.sends_requests() {
        runtime.enable_io();
    }
    let runtime = runtime.build().context("cannot start the task runtime")?;
    let output = runtime.block_on(future);
    runtime.shutdown_background();
    Ok(output)
}

/// Leaves engine and code to the end of the process, which frees them in one go: taking them apart takes longer than
/// most calls. They hold no values; whatever held one has been wiped before.
pub(crate) fn leave_to_exit(resolver: Resolver) {
    std::mem::forget(resolver);
}
