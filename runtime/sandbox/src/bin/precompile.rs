//! Compiles every component of a folder: `NAME.wasm` → `NAME.cwasm`, for binaries that carry both.
//!
//! Part of building the project. What it reads was built a moment ago by the same user, so no digest is asked for.

#![forbid(unsafe_code)]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use portcullis_policy::{Grants, Policy, Profile, ProviderName};
use portcullis_sandbox::{Artefact, Engine};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: portcullis-precompile FOLDER");
        return ExitCode::from(2);
    };
    match precompile(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portcullis-precompile: {}: {error}", Path::new(&folder).display());
            ExitCode::FAILURE
        }
    }
}

fn precompile(folder: &Path) -> Result<(), Box<dyn Error>> {
    let engine = Engine::on_demand(1)?;
    let policy =
        Policy::compile(ProviderName::new("precompile")?, Profile::BuiltinFile, Grants::default(), None)?;
    for entry in std::fs::read_dir(folder)? {
        let source = entry?.path();
        if source.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let component = policy.decide_component(std::fs::read(&source)?)?;
        let target = source.with_extension("cwasm");
        let current = std::fs::File::open(&target)
            .ok()
            .and_then(|file| Artefact::from_trusted_file(&engine, file).ok())
            .is_some_and(|artefact| artefact.source() == component.digest());
        if current {
            continue;
        }
        let artefact = engine.compile(&component)?;
        let temporary = source.with_extension("cwasm.tmp");
        let mut written = std::fs::File::create(&temporary)?;
        artefact.write_to(&mut written)?;
        std::fs::rename(&temporary, &target)?;
        eprintln!("precompiled {} ({} bytes)", target.display(), written.metadata()?.len());
    }
    Ok(())
}
