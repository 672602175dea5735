//! The folder with the result: `<type>.wasm`, `SHA256SUMS`, `toolchain.txt` and a stamp.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use super::compiler::Compiler;
use super::inputs::hex;
use crate::mode::set_mode;

/// A built component: the provider's type and the bytes.
pub(super) struct Component {
    /// Such as `file.json`.
    pub(super) name: String,
    /// The component.
    pub(super) bytes: Vec<u8>,
}

/// The output folder.
pub(super) struct Dist {
    folder: PathBuf,
}

impl Dist {
    /// A folder that may not exist yet.
    pub(super) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Whether the folder holds what these inputs make, whole.
    pub(super) fn is_current(&self, stamp: &str) -> bool {
        let Ok(sums) = fs::read_to_string(self.folder.join("SHA256SUMS")) else { return false };
        fs::read_to_string(self.folder.join(".stamp")).is_ok_and(|found| found.trim_end() == stamp)
            && sums.lines().all(|line| {
                line.split_once("  ").is_some_and(|(sum, file)| {
                    fs::read(self.folder.join(file)).is_ok_and(|bytes| sum == hex(&Sha256::digest(bytes)))
                })
            })
    }

    /// Replaces the folder's files one by one, the stamp last: a build that is cut short is done again.
    pub(super) fn write(
        &self,
        components: &[Component],
        compiler: &Compiler,
        stamp: &str,
    ) -> anyhow::Result<()> {
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot create {}", self.folder.display()))?;
        let mut sums = String::new();
        for Component { name, bytes } in components {
            let file = format!("{name}.wasm");
            sums.push_str(&format!("{}  {file}\n", hex(&Sha256::digest(bytes))));
            self.replace(&file, bytes)?;
        }
        self.remove_others(components)?;
        self.replace("SHA256SUMS", sums.as_bytes())?;
        self.replace("toolchain.txt", compiler.identity().as_bytes())?;
        self.replace(".stamp", format!("{stamp}\n").as_bytes())
    }

    /// The names of the components that differ from what the folder holds.
    pub(super) fn differences(&self, components: &[Component]) -> anyhow::Result<Vec<String>> {
        let mut differing = Vec::new();
        for Component { name, bytes } in components {
            let path = self.folder.join(format!("{name}.wasm"));
            let here = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            if here != *bytes {
                differing.push(name.clone());
            }
        }
        Ok(differing)
    }

    /// A reader sees the old file or the new one, never half of one.
    fn replace(&self, file: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.folder.join(file);
        let new = tempfile::NamedTempFile::new_in(&self.folder)
            .with_context(|| format!("cannot write to {}", self.folder.display()))?;
        fs::write(new.path(), bytes).with_context(|| format!("cannot write {}", new.path().display()))?;
        // A temporary file is private; this is not.
        set_mode(new.path(), 0o644)?;
        new.persist(&path).with_context(|| format!("cannot replace {}", path.display()))?;
        Ok(())
    }

    /// Components whose source is gone, with their compiled form.
    fn remove_others(&self, components: &[Component]) -> anyhow::Result<()> {
        for entry in
            fs::read_dir(&self.folder).with_context(|| format!("cannot list {}", self.folder.display()))?
        {
            let path = entry.with_context(|| format!("cannot list {}", self.folder.display()))?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let stale = file
                .strip_suffix(".wasm")
                .or_else(|| file.strip_suffix(".cwasm"))
                .is_some_and(|name| components.iter().all(|component| component.name != name));
            if stale {
                fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }
}
