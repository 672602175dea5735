//! Length of source files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::Outcome;
use crate::project::Project;

/// Lines that no source file may exceed. Far above what one concept needs.
const MOST: usize = 800;

/// What is built, not written.
const BUILT: [&str; 3] = ["target", "dist", ".git"];

pub(super) fn check(project: &Project) -> anyhow::Result<Outcome> {
    let mut lengths = Vec::new();
    for path in sources(project.root())? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        lengths.push((text.lines().count(), path));
    }
    lengths.sort();
    let over: Vec<String> = lengths
        .iter()
        .filter(|(lines, _)| *lines > MOST)
        .map(|(lines, path)| format!("{} has {lines} lines", path.display()))
        .collect();
    if !over.is_empty() {
        bail!("more than {MOST} lines, split by concept: {}", over.join(", "));
    }
    let (median, longest) = (lengths.get(lengths.len() / 2), lengths.last());
    let ((median, _), (most, longest)) = median.zip(longest).context("no source file")?;
    let longest = longest.strip_prefix(project.root()).unwrap_or(longest);
    Ok(Outcome::Passed(format!(
        "{} files, median {median} lines, longest {most} ({})",
        lengths.len(),
        longest.display()
    )))
}

/// Every Rust file below a folder.
fn sources(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
            let is_built = path.file_name().is_some_and(|name| BUILT.iter().any(|built| name == *built));
            if path.is_dir() && !is_built {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    Ok(found)
}
