//! `file.json` and `file.yaml`: one file, a flat map of strings. A handle is a key, whole.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use portcullis_compat::{exec, json};
use portcullis_guest::files::{Files, Kind, OsError, PathError};
use portcullis_guest::{Failure, FailureKind};

use crate::provider::Store;
use crate::settings::{Settings, too_large};
use crate::yaml;

/// The `file.json` provider.
pub struct FileJson(Map);

/// The `file.yaml` provider.
pub struct FileYaml(Map);

/// The requested keys that are there, and their values.
type Map = BTreeMap<String, Rc<str>>;

impl Store for FileJson {
    const TYPE: &'static str = "file.json";

    fn open(settings: &Settings, files: &impl Files, handles: &[String]) -> Result<Self, Failure> {
        let bytes = read(settings, files, "json")?;
        let all = json::string_map(&bytes)
            .map_err(|error| {
                let path = &settings.path;
                Failure::new(FailureKind::Other, format!("failed to unmarshal json secret '{path}': {error}"))
            })?
            .into_map();
        let mut map = Map::new();
        for handle in handles {
            if let Some(value) = all.get(handle) {
                map.insert(handle.clone(), value.as_str().into());
            }
        }
        Ok(Self(map))
    }

    fn secret(&self, _files: &impl Files, handle: &str) -> Result<String, Failure> {
        look_up(&self.0, handle)
    }
}

impl Store for FileYaml {
    const TYPE: &'static str = "file.yaml";

    fn open(settings: &Settings, files: &impl Files, handles: &[String]) -> Result<Self, Failure> {
        let bytes = read(settings, files, "yaml")?;
        let mut wanted = BTreeSet::new();
        wanted.extend(handles.iter().map(String::as_str));
        let map = yaml::string_map(&bytes, |key| wanted.contains(key)).map_err(|error| {
            let path = &settings.path;
            Failure::new(
                FailureKind::Other,
                format!("failed to unmarshal yaml secret from '{path}': {error}"),
            )
        })?;
        Ok(Self(map))
    }

    fn secret(&self, _files: &impl Files, handle: &str) -> Result<String, Failure> {
        look_up(&self.0, handle)
    }
}

fn look_up(map: &Map, handle: &str) -> Result<String, Failure> {
    match map.get(handle) {
        Some(value) => Ok(value.to_string()),
        None => Err(Failure::new(FailureKind::NotFound, exec::NOT_FOUND)),
    }
}

/// The file that `file_path` names.
fn read(settings: &Settings, files: &impl Files, format: &str) -> Result<Vec<u8>, Failure> {
    let (path, max) = (settings.path.as_str(), settings.max_size);
    let read = match files.stat(path) {
        Ok(stat) if stat.kind == Kind::Folder => Err(PathError::new("read", path, OsError::IsDirectory)),
        Ok(stat) if stat.size > max => return Err(too_large(path, max, stat.size)),
        // Opening a file that is not there says so better than asking about it.
        Ok(_) | Err(_) => files.read(path, max),
    };
    read.map_err(|error| {
        let kind = match error.cause() {
            // The store is gone, not one secret in it.
            OsError::NotFound => FailureKind::Unavailable,
            OsError::PermissionDenied | OsError::NotPermitted => FailureKind::Denied,
            _ => FailureKind::Other,
        };
        Failure::new(kind, format!("failed to read {format} secret file '{path}': {error}"))
    })
}
