//! One run of cargo in the guests' workspace.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io::IsTerminal as _};

use anyhow::{Context as _, bail};

use super::compiler::{Compiler, Std, TARGET};
use super::crate_names;
use super::dist::Component;

/// Always the whole workspace: a part of it would choose other features, and so other bytes.
pub(super) const FLAGS: &[&str] =
    &["build", "--release", "--workspace", "--bins", "--locked", "--target", TARGET];

/// What of the caller's environment may reach the build: where crates come from and how many jobs, but nothing that
/// changes the code.
const KEPT: &[&str] = &[
    "CARGO_HOME",
    "CARGO_BUILD_JOBS",
    "CARGO_HTTP_",
    "CARGO_NET_",
    "CARGO_REGISTRIES_",
    "CARGO_REGISTRY_",
    "CARGO_SOURCE_",
    "CARGO_TERM_",
];

/// What a build makes.
pub(super) struct Built {
    /// The providers, one for each file `guest-providers/*/src/bin/*.rs`.
    pub(super) providers: Vec<Component>,
    /// The hostile guests that the tests run, one for each file `tests/guests/*.rs`.
    pub(super) attackers: Vec<Component>,
}

/// Builds every guest below `root`.
pub(super) fn components(root: &Path, target: &Path, compiler: &Compiler) -> anyhow::Result<Built> {
    let (providers, attackers) = (providers(root)?, attackers(root)?);
    run(cargo(root, target, compiler, &[])?.args(["fetch", "--locked", "--target", TARGET]))?;
    let remaps = remaps(root, compiler)?;
    run(cargo(root, target, compiler, &remaps)?.args(FLAGS))?;
    let built = target.join(TARGET).join("release");
    // Cargo takes no dot in a program's name: `file-json` is the provider `file.json`.
    let provider = |program: &String| component(&built, program, program.replace('-', "."));
    let attacker = |program: &String| component(&built, program, program.clone());
    Ok(Built {
        providers: providers.iter().map(provider).collect::<Result<_, _>>()?,
        attackers: attackers.iter().map(attacker).collect::<Result<_, _>>()?,
    })
}

fn component(built: &Path, program: &str, name: String) -> anyhow::Result<Component> {
    let path = built.join(format!("{program}.wasm"));
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Component { name, bytes })
}

/// The names of the providers' programs, sorted.
fn providers(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for family in list(&root.join("guest-providers"))? {
        let bin = family.join("src/bin");
        if bin.is_dir() {
            found.extend(programs(&bin)?);
        }
    }
    found.sort();
    Ok(found)
}

/// The names of the hostile guests' programs, sorted. Those in text form are no programs: their tests read them as they are.
fn attackers(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = programs(&root.join("tests/guests"))?;
    found.sort();
    Ok(found)
}

/// The programs whose source is right in a folder.
fn programs(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for source in list(folder)? {
        if source.extension().is_some_and(|extension| extension == "rs") {
            found.extend(source.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    Ok(found)
}

fn list(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>().map_err(Into::into)
}

/// Cargo, with an environment that decides the code alone.
fn cargo(root: &Path, target: &Path, compiler: &Compiler, rustflags: &[OsString]) -> anyhow::Result<Command> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root.join("guest-providers"));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let decides_code = text.starts_with("CARGO_") && !KEPT.iter().any(|kept| text.starts_with(kept));
        if decides_code || text.starts_with("RUSTC") || text.starts_with("RUSTFLAGS") {
            cargo.env_remove(&name);
        }
    }
    let mut path = vec![compiler.linker_folder().to_owned()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    cargo
        .env("PATH", env::join_paths(path).context("PATH cannot be extended")?)
        .env("RUSTC", compiler.program())
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags.join(std::ffi::OsStr::new("\u{1f}")))
        // A toolchain that is not there is not to be fetched behind the user's back.
        .env("RUSTUP_AUTO_INSTALL", "0");
    crate_names::install(&mut cargo, root).context("this program does not know its own path")?;
    if let Std::Source(_) = compiler.std() {
        cargo.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
    }
    if !std::io::stderr().is_terminal() {
        cargo.arg("--quiet");
    }
    Ok(cargo)
}

/// Panic messages carry source paths: these are the same wherever the sources are.
fn remaps(root: &Path, compiler: &Compiler) -> anyhow::Result<Vec<OsString>> {
    let mut remaps = vec![remap(root, "/portcullis")];
    if let Std::Source(source) = compiler.std() {
        remaps.push(remap(source, "/rust/library"));
    }
    let registry = cargo_home()?.join("registry/src");
    if registry.is_dir() {
        let mut indexes = list(&registry)?;
        indexes.sort();
        remaps.extend(indexes.iter().map(|index| remap(index, "/registry")));
    }
    Ok(remaps)
}

fn remap(from: &Path, to: &str) -> OsString {
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(from);
    flag.push("=");
    flag.push(to);
    flag
}

fn cargo_home() -> anyhow::Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    Ok(env::home_dir().context("neither CARGO_HOME nor a home folder is known")?.join(".cargo"))
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot run {:?}", command.get_program()))?;
    if !status.success() {
        bail!("{:?} failed ({status})", command.get_program());
    }
    Ok(())
}
