//! The runtime of the one-shot doors: one thread, and nothing stuck can hold the exit.

use anyhow::Context as _;
use portcullis::Resolver;

/// Runs a future to its end. Whatever still blocks a helper thread afterwards is left behind, not waited for.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .context("cannot start the task runtime")?;
    let output = runtime.block_on(future);
    runtime.shutdown_background();
    Ok(output)
}

/// Leaves engine and code to the end of the process, which frees them in one go: taking them apart takes longer than
/// most calls. They hold no values; whatever held one has been wiped before.
pub(crate) fn leave_to_exit(resolver: Resolver) {
    std::mem::forget(resolver);
}
