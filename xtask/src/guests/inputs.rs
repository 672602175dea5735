//! The files that decide what the components are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use super::compile;
use super::compiler::Compiler;

/// Below the repository's root; folders count with all that is in them.
const INPUTS: &[&str] = &["Cargo.toml", "guest-providers", "runtime/compat", "tests/guests", "wit"];

/// What the build itself leaves there.
const OUTPUTS: &[&str] = &["guest-providers/dist", "guest-providers/target", "tests/guests/dist"];

/// A digest over everything that a component's bytes depend on: sources, locks, contract, compiler, linker and flags.
pub(super) fn digest(root: &Path, compiler: &Compiler) -> anyhow::Result<String> {
    let mut digest = Sha256::new();
    for file in files(root)? {
        let bytes = read(&root.join(&file))?;
        for part in [file.to_string_lossy().as_bytes(), bytes.as_slice()] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
    }
    digest.update(compiler.identity());
    digest.update(compile::FLAGS.join(" "));
    Ok(hex(&digest.finalize()))
}

/// Copies the inputs to another root.
pub(super) fn copy(root: &Path, to: &Path) -> anyhow::Result<()> {
    for file in files(root)? {
        let target = to.join(&file);
        let folder = target.parent().context("a file has a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        fs::write(&target, read(&root.join(&file))?)
            .with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All input files, relative to the root, sorted.
fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = INPUTS.iter().map(PathBuf::from).collect();
    while let Some(path) = open.pop() {
        let here = root.join(&path);
        if !here.is_dir() {
            found.push(path);
            continue;
        }
        for entry in fs::read_dir(&here).with_context(|| format!("cannot list {}", here.display()))? {
            let below =
                path.join(entry.with_context(|| format!("cannot list {}", here.display()))?.file_name());
            if !OUTPUTS.iter().any(|output| below == Path::new(output)) {
                open.push(below);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_no_inputs_and_a_copy_has_the_same_files() {
        let (root, copied) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for file in [
            "Cargo.toml",
            "wit/secrets.wit",
            "runtime/compat/src/lib.rs",
            "runtime/policy/src/lib.rs",
            "guest-providers/sdk/src/lib.rs",
            "guest-providers/target/x",
            "guest-providers/dist/x.wasm",
            "tests/guests/x.rs",
            "tests/guests/dist/x.wasm",
        ] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        let expected = [
            "Cargo.toml",
            "guest-providers/sdk/src/lib.rs",
            "runtime/compat/src/lib.rs",
            "tests/guests/x.rs",
            "wit/secrets.wit",
        ];
        assert_eq!(files(root.path()).unwrap(), expected.map(PathBuf::from));
        copy(root.path(), copied.path()).unwrap();
        assert_eq!(files(copied.path()).unwrap(), expected.map(PathBuf::from));
    }
}
