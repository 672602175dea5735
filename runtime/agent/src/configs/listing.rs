//! Which names below a folder are configurations, and of which integration.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use super::MAX_FILES;
use super::error::ConfigError;

/// The files, in the order of their paths, and what could not be listed.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: Vec<Listed>,
    pub(super) errors: Vec<ConfigError>,
}

/// A file that is a configuration by its name.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) path: PathBuf,
    /// The way to it from the folder, parted by `/`.
    pub(super) below: String,
    pub(super) integration: String,
    /// It counts only where there is no other.
    pub(super) default: bool,
    /// It tells which metrics of a Java process are collected, and configures nothing by itself.
    pub(super) metrics: bool,
}

impl Listing {
    /// All files of a folder and of the folders `NAME.d` in it.
    pub(super) fn of(confd: &Path) -> Self {
        let mut listing = Self::default();
        for entry in listing.entries(confd) {
            let Some(name) = listing.name(&entry) else { continue };
            // Of the entry itself: what is linked is no folder, as for the agent.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let Some(integration) = name.strip_suffix(".d") else { continue };
                for inner in listing.entries(&entry.path()) {
                    let Some(file) = listing.name(&inner) else { continue };
                    if inner.file_type().is_ok_and(|kind| kind.is_dir()) {
                        continue;
                    }
                    let below = format!("{name}/{file}");
                    listing.files.extend(Listed::new(inner.path(), &file, below, Some(integration)));
                }
            } else {
                listing.files.extend(Listed::new(entry.path(), &name, name.clone(), None));
            }
        }
        listing.cap(confd);
        listing
    }

    fn entries(&mut self, folder: &Path) -> Vec<DirEntry> {
        let read = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<DirEntry>, _>>);
        let mut entries = read.unwrap_or_else(|error| {
            self.errors.push(ConfigError::read(folder)(error));
            Vec::new()
        });
        entries.sort_by_key(DirEntry::file_name);
        entries
    }

    /// A name that is not UTF-8 is an error only where it looks like a configuration.
    fn name(&mut self, entry: &DirEntry) -> Option<String> {
        entry
            .file_name()
            .into_string()
            .map_err(|name| {
                if Path::new(&name).extension().is_some_and(is_yaml) {
                    self.errors.push(ConfigError::Name(entry.path()));
                }
            })
            .ok()
    }

    fn cap(&mut self, confd: &Path) {
        if self.files.len() <= MAX_FILES {
            return;
        }
        self.files.truncate(MAX_FILES);
        if let Some(last) = self.files.last() {
            self.errors.push(ConfigError::TooMany { folder: confd.to_owned(), last: last.path.clone() });
        }
    }
}

impl Listed {
    /// `None` if the name is none of a configuration. Without an integration, the name tells it.
    fn new(path: PathBuf, file: &str, below: String, integration: Option<&str>) -> Option<Self> {
        let (name, default) = match file.strip_suffix(".default") {
            Some(name) => (name, true),
            None => (file, false),
        };
        let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))?;
        let metrics = stem == "metrics" && !default;
        if stem == "auto_conf" || (metrics && integration.is_none()) {
            return None;
        }
        let integration = integration.unwrap_or(stem).to_owned();
        Some(Self { path, below, integration, default, metrics })
    }
}

fn is_yaml(extension: &OsStr) -> bool {
    extension == "yaml" || extension == "yml"
}
