//! The `portcullis` command: every door but the library.
//!
//! Exit codes, for all but `exec`: **0** done; **1** the answer is no (a handle failed, a check found a fault);
//! **2** usage, configuration or policy error, nothing done; **3** a provider could not be loaded or run. `exec`
//! follows the command that it replaces: 0 with per-handle errors, 1 on bad input, 2 on a bad flag.

#![forbid(unsafe_code)]

mod arguments;
mod builtins;
mod doors;
mod exit;
mod log;
mod setup;
mod stdio;
mod tasks;
mod wall;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::CommandFactory as _;

use arguments::{Arguments, Door};
use exit::Exit;

/// Freed memory is wiped: what a value passed through on its way keeps no copy of it.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    if let Some(code) = doors::worker::main() {
        return code;
    }
    let hidden = portcullis_wall::hide_memory();
    if let Some(code) = doors::connector::main() {
        return code;
    }
    let arguments = Arguments::of_process();
    log::start(arguments.common.verbose);
    let outcome = match arguments.door {
        Some(Door::Resolve(resolve)) => doors::resolve::main(&resolve, &arguments.common),
        Some(Door::Doctor(doctor)) => doors::doctor::main(&doctor, &arguments.common, &hidden),
        Some(Door::Exec) => return doors::exec::main(&arguments.common),
        Some(Door::Compile(compile)) => doors::compile::main(&compile, &arguments.common),
        Some(Door::Artefacts(artefacts)) => doors::artefacts::main(&artefacts, &arguments.common),
        Some(Door::Inspect(inspect)) => doors::inspect::main(&inspect, &arguments.common),
        Some(Door::Policy(policy)) => doors::policy::main(&policy, &arguments.common),
        #[cfg(unix)]
        Some(Door::Agent(agent)) => doors::agent::main(&agent, &arguments.common),
        #[cfg(unix)]
        Some(Door::Runner) => doors::runner::main(&arguments.common),
        #[cfg(unix)]
        Some(Door::Secret(secret)) => doors::secret::main(&secret),
        #[cfg(unix)]
        Some(Door::ConfigCheck(check)) => doors::secret::config_check(&check),
        None if std::io::stdin().is_terminal() => {
            eprintln!("{}", Arguments::command().render_help());
            Ok(Exit::Usage)
        }
        None => return doors::exec::main(&arguments.common),
    };
    exit::report(outcome)
}
