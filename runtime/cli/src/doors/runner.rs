//! The program as the process in which a daemon's backends run: not for people, and so in no help text.
//!
//! In this order, as the one-shot doors do it: *configuration → plan → components in memory → drop → threads, backends*.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use portcullis::{Providers, Resolver};
use portcullis_agent::runner::{Outlet, begin, serve};
use portcullis_sandbox::DEFAULT_CALLS;

use super::agent::{Reading, threads};
use crate::arguments::Common;
use crate::exit::Exit;
use crate::{setup, stdio, wall};

/// The command that makes it one.
pub(crate) const MODE: &str = "runner";

/// The command line of a runner that goes by the same options as this process. The audit file is not among them: it has one
/// writer.
pub(crate) fn arguments(common: &Common, config: &Path, ceiling: Option<&Path>) -> Vec<OsString> {
    let builtins = common.builtins_folder();
    let paths = [
        ("--config", Some(config)),
        ("--ceiling", ceiling),
        ("--builtins", builtins.as_deref()),
        ("--artefacts", common.artefacts.as_deref()),
    ];
    let flags = [("--allow-group-write", common.allow_group_write), ("--no-wall", common.no_wall)];
    let paths = paths.into_iter().filter_map(|(name, path)| Some([name.into(), path?.into()])).flatten();
    let flags = flags.into_iter().filter(|(_, given)| *given).map(|(name, _)| name.into());
    let verbose = std::iter::repeat_n("--verbose".into(), common.verbose.into());
    std::iter::once(MODE.into()).chain(paths).chain(flags).chain(verbose).collect()
}

/// Runs the door, until standard input ends and the last batch is answered.
pub(crate) fn main(common: &Common) -> anyhow::Result<Exit> {
    end_with_daemon()?;
    let mut input = stdio::input().context("cannot read from the daemon")?;
    let output = stdio::output().context("cannot write to the daemon")?;
    let reading = Reading::parse(&begin(&mut input)?)?;
    let config = common.config.as_deref().context("it is started by the daemon, with --config")?;
    let plan = reading.plan(config, common.ceiling.as_deref())?;
    drop(reading);

    let needs = wall::needs(&plan).at_once(DEFAULT_CALLS);
    let (outlet, outgoing) = Outlet::new();
    let resolver = Resolver::builder(plan)
        .builtins(common.builtins())
        .calls(DEFAULT_CALLS)
        .compiler(setup::compiler()?)
        .artefacts(common.artefacts_or_memory())
        .events(Arc::new(outlet.clone()))
        .trusted_files(common.trusted_files())
        .build();
    resolver.prepare_all();
    common.raise_wall(&needs);

    let said = outgoing.start(output).context("cannot start a thread")?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(threads()).enable_time();
    if resolver.sends_requests() {
        runtime.enable_io();
    }
    let runtime = runtime.build().context("cannot start the task runtime")?;
    let entered = runtime.enter();
    let faults = resolver.load_all();
    drop(entered);
    let providers: Arc<dyn Providers> = Arc::new(resolver);
    let served = runtime.block_on(serve(input, &outlet, Arc::clone(&providers), faults));
    outlet.end();
    // Its thread has written what there was, or nobody reads it.
    let _ = said.join();
    runtime.shutdown_background();
    // Engine and code are left to the end of the process.
    std::mem::forget(providers);
    served?;
    Ok(Exit::Done)
}

/// A daemon that is killed takes its runner with it, also one that does not listen any more. And a name for lists of processes.
fn end_with_daemon() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    // Nothing hangs on the name.
    let _ = rustix::thread::set_name(c"portcullis-run");
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .context("cannot be bound to the daemon")?;
    Ok(())
}
