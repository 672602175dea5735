//! The binary, and the engine on this machine.

use portcullis_sandbox::{Artefact, DEFAULT_CALLS, Engine, wasmtime_version};

use super::finding::Finding;
use crate::builtins;

const ENGINE: &str = "this processor or system lacks what WebAssembly needs: see the message, and the README for what is \
                      supported";

pub(super) fn version() -> Finding {
    let (os, processor) = (std::env::consts::OS, std::env::consts::ARCH);
    let (own, wasmtime) = (env!("CARGO_PKG_VERSION"), wasmtime_version());
    Finding::ok("version", format!("portcullis {own}, wasmtime {wasmtime}, {processor} {os}"))
}

/// The engine as one-shot doors start it, and the instance pool that a process which lives on would have.
pub(super) fn engine() -> Vec<Finding> {
    let on_demand = match Engine::on_demand(1) {
        Ok(_) => Finding::ok("engine", "starts"),
        Err(error) => return vec![Finding::missing("engine", error.to_string(), ENGINE)],
    };
    let pool = match Engine::new(DEFAULT_CALLS) {
        Ok(engine) if engine.is_pooled() => {
            Finding::ok("pool", format!("address space for {DEFAULT_CALLS} calls at once"))
        }
        Ok(_) => Finding::warning(
            "pool",
            format!("no address space for {DEFAULT_CALLS} calls at once: a library host allocates on demand"),
            "raise the limit on address space (`ulimit -v`) for programs that embed Portcullis; this command needs no pool",
        ),
        Err(error) => Finding::missing("pool", error.to_string(), ENGINE),
    };
    vec![on_demand, pool]
}

/// Every built-in backend is loaded, as the first call of its type would do it.
pub(super) fn builtins() -> Finding {
    const CHECK: &str = "built-ins";
    const BUILD: &str =
        "build it again with `cargo xtask demo`, or name a folder of components with --builtins";
    let carried = builtins::list();
    if carried.is_empty() {
        return Finding::missing(CHECK, "this build carries no backends", BUILD);
    }
    let loaded = Engine::on_demand(1).map_err(|error| error.to_string()).and_then(|engine| {
        for builtin in carried {
            let artefact = Artefact::from_program(&engine, builtin.artefact);
            let artefact = artefact.map_err(|error| format!("{}: {error}", builtin.name))?;
            engine.load(&artefact).map_err(|error| format!("{}: {error}", builtin.name))?;
        }
        Ok(())
    });
    match loaded {
        Ok(()) => {
            let names: Vec<&str> = carried.iter().map(|builtin| builtin.name).collect();
            Finding::ok(CHECK, names.join(", "))
        }
        Err(error) => Finding::missing(CHECK, error, BUILD),
    }
}
