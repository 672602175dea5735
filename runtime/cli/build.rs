//! Puts the built-in providers into the binary: a table of `include_bytes!` over `guest-providers/dist`. Links the
//! unwinder into it too.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    link_unwinder();
    match table() {
        Ok(table) => {
            let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("builtins.rs");
            match std::fs::write(&out, table) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => fail(&format!("cannot write {}: {error}", out.display())),
            }
        }
        Err(message) => fail(&message),
    }
}

/// Links the unwinder into the binary where the C compiler has it as an archive (every gcc does).
///
/// Finding, mapping and relocating `libgcc_s.so` is a sixth of the time of a whole `exec`, and one file less that a
/// privileged helper takes from its host. Without the archive the shared library stays.
fn link_unwinder() {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let native = variable("HOST") == variable("TARGET");
    if !native || variable("CARGO_CFG_TARGET_OS") != "linux" || variable("CARGO_CFG_TARGET_ENV") != "gnu" {
        return;
    }
    let Ok(answer) = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output() else { return };
    // A compiler that does not have it prints the name alone.
    let archive = String::from_utf8_lossy(&answer.stdout);
    if Path::new(archive.trim()).is_absolute() {
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}

fn fail(message: &str) -> ExitCode {
    println!("cargo::error={message}");
    ExitCode::FAILURE
}

/// The source text of the table. Empty without the feature `builtin`.
fn table() -> Result<String, String> {
    let mut rows = String::new();
    if std::env::var_os("CARGO_FEATURE_BUILTIN").is_some() {
        let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        let dist = Path::new(&root).join("../../guest-providers/dist");
        let dist = dist.canonicalize().unwrap_or(dist);
        println!("cargo::rerun-if-changed={}", dist.display());
        for name in names(&dist)? {
            let component = dist.join(format!("{name}.wasm"));
            let artefact = dist.join(format!("{name}.cwasm"));
            for file in [&component, &artefact] {
                if !file.is_file() {
                    return Err(missing(&dist, &format!("{} is missing", file.display())));
                }
                println!("cargo::rerun-if-changed={}", file.display());
            }
            let _ = writeln!(
                rows,
                "    portcullis::Embedded {{ name: {name:?}, component: include_bytes!({component:?}), \
                 artefact: include_bytes!({artefact:?}) }},"
            );
        }
    }
    Ok(format!("static EMBEDDED: &[portcullis::Embedded] = &[\n{rows}];\n"))
}

/// The types that have a component, in order.
fn names(dist: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(dist).map_err(|error| missing(dist, &error.to_string()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".wasm").map(str::to_owned))
        .collect();
    names.sort();
    if names.is_empty() {
        return Err(missing(dist, "it has no components"));
    }
    Ok(names)
}

fn missing(dist: &Path, why: &str) -> String {
    format!(
        "the built-in providers are not built ({}: {why}); run `cargo xtask guests` first, or build with \
         --no-default-features for a binary without them",
        dist.display()
    )
}
