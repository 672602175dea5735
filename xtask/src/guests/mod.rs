//! Guests: sources -> components -> `dist/`. The providers that ship, and the hostile guests that the tests run.
//!
//! * [`inputs`]: which files the components are made of.
//! * [`compiler`]: which compiler and linker can make them.
//! * [`compile`]: one run of cargo in the guests' workspace, with [`crate_names`] between cargo and the compiler.
//! * [`dist`]: the folder with the result, and whether it is still up to date.
//! * [`mod@precompile`]: the same components as machine code, in the same folder.

mod compile;
mod compiler;
pub(crate) mod crate_names;
mod dist;
mod inputs;
mod precompile;

use std::path::Path;

use anyhow::{Context as _, bail};

pub(crate) use compiler::NoCompiler;
pub(crate) use precompile::precompile;

use compiler::Compiler;
use dist::Dist;

/// Where hostile guests go: not with the providers, whose folder becomes a part of the binary.
const ATTACKERS: &str = "tests/guests/dist";

/// Brings `out`, with the providers, and the folder of the hostile guests up to date.
pub(crate) fn build(root: &Path, out: &Path) -> anyhow::Result<()> {
    let compiler = Compiler::find()?;
    let stamp = inputs::digest(root, &compiler)?;
    let (dist, attackers) = (Dist::at(out), Dist::at(&root.join(ATTACKERS)));
    if dist.is_current(&stamp) && attackers.is_current(&stamp) {
        return Ok(());
    }
    step(&format!("building guests with {}", compiler.describe()));
    let built = compile::components(root, &root.join("guest-providers/target/xtask"), &compiler)?;
    dist.write(&built.providers, &compiler.identity(), &stamp)?;
    attackers.write(&built.attackers, &compiler.identity(), &stamp)?;
    step(&format!("{} components in {}", built.providers.len(), out.display()));
    step(&format!("{} hostile ones in {ATTACKERS}", built.attackers.len()));
    Ok(())
}

/// Builds here and from a copy elsewhere, and compares.
pub(crate) fn check(root: &Path, out: &Path) -> anyhow::Result<()> {
    build(root, out)?;
    let compiler = Compiler::find()?;
    let elsewhere = tempfile::tempdir().context("no temporary folder")?;
    let copy = elsewhere.path().join("a").join("copy");
    inputs::copy(root, &copy)?;
    step(&format!("building guests again in {}", copy.display()));
    let again = compile::components(&copy, &copy.join("guest-providers/target"), &compiler)?.providers;
    let differing: Vec<String> = Dist::at(out).differences(&again)?;
    if !differing.is_empty() {
        bail!("not the same bytes from another folder: {}", differing.join(", "));
    }
    step(&format!("{} components, the same bytes from both folders", again.len()));
    Ok(())
}

/// One line for each step.
fn step(text: &str) {
    eprintln!("guests: {text}");
}
