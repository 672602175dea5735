//! The folder with the result: `<type>.wasm`, `SHA256SUMS`, `toolchain.txt` and a stamp.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

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
    pub(super) fn write(&self, components: &[Component], toolchain: &str, stamp: &str) -> anyhow::Result<()> {
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
        self.replace("toolchain.txt", toolchain.as_bytes())?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn components(names: &[&str]) -> Vec<Component> {
        names
            .iter()
            .map(|name| Component { name: (*name).to_owned(), bytes: name.as_bytes().to_vec() })
            .collect()
    }

    #[test]
    fn a_folder_is_current_only_with_its_stamp_and_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let dist = Dist::at(&folder.path().join("dist"));
        let built = components(&["a.x", "b.y"]);
        assert!(!dist.is_current("one"));
        dist.write(&built, "toolchain\n", "one").unwrap();
        assert!(dist.is_current("one"));
        assert!(!dist.is_current("two"));
        assert_eq!(dist.differences(&built).unwrap(), Vec::<String>::new());

        fs::write(dist.folder.join("a.x.wasm"), b"other").unwrap();
        assert!(!dist.is_current("one"));
        assert_eq!(dist.differences(&built).unwrap(), ["a.x"]);

        fs::remove_file(dist.folder.join("a.x.wasm")).unwrap();
        assert!(!dist.is_current("one"));
    }

    #[test]
    fn a_component_without_source_goes() {
        let folder = tempfile::tempdir().unwrap();
        let dist = Dist::at(folder.path());
        dist.write(&components(&["a.x", "b.y"]), "toolchain\n", "one").unwrap();
        fs::write(dist.folder.join("a.x.cwasm"), b"compiled").unwrap();
        fs::write(dist.folder.join("b.y.cwasm"), b"compiled").unwrap();
        dist.write(&components(&["b.y"]), "toolchain\n", "two").unwrap();
        assert!(!dist.folder.join("a.x.wasm").exists());
        assert!(!dist.folder.join("a.x.cwasm").exists());
        assert!(dist.folder.join("b.y.cwasm").exists());
        assert!(dist.is_current("two"));
    }

    #[test]
    fn sums_are_what_sha256sum_checks() {
        let folder = tempfile::tempdir().unwrap();
        let dist = Dist::at(folder.path());
        dist.write(&components(&["abc"]), "toolchain\n", "one").unwrap();
        let sums = fs::read_to_string(dist.folder.join("SHA256SUMS")).unwrap();
        assert_eq!(sums, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc.wasm\n");
    }
}
