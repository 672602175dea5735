//! `file.text`, `k8s.file` and `docker.secrets`: one folder. A handle is a file in it, read when it is asked for.

use portcullis_compat::{exec, go};
use portcullis_guest::files::{Files, Kind, OsError, PathError};
use portcullis_guest::{Failure, FailureKind};

use crate::provider::Store;
use crate::settings::{Settings, too_large};

/// The `file.text` provider.
pub struct FileText(Folder);

/// The `k8s.file` provider: the folder of a mounted Kubernetes secret.
pub struct K8sFile(Folder);

/// The `docker.secrets` provider: `file.text` with a default folder (its settings have it).
pub struct DockerSecrets(Folder);

impl Store for FileText {
    const TYPE: &'static str = "file.text";

    fn open(settings: &Settings, files: &impl Files, _handles: &[String]) -> Result<Self, Failure> {
        Folder::open(settings, files).map(Self)
    }

    fn secret(&self, files: &impl Files, handle: &str) -> Result<String, Failure> {
        self.0.secret(files, handle)
    }
}

impl Store for K8sFile {
    const TYPE: &'static str = "k8s.file";

    fn open(settings: &Settings, files: &impl Files, _handles: &[String]) -> Result<Self, Failure> {
        if settings.path.is_empty() {
            return Err(Failure::new(FailureKind::Other, "secrets_path is required for k8s.file backend"));
        }
        Folder::open(settings, files).map(Self)
    }

    fn secret(&self, files: &impl Files, handle: &str) -> Result<String, Failure> {
        self.0.secret(files, handle)
    }
}

impl Store for DockerSecrets {
    const TYPE: &'static str = "docker.secrets";

    fn open(settings: &Settings, files: &impl Files, _handles: &[String]) -> Result<Self, Failure> {
        Folder::open(settings, files).map(Self)
    }

    fn secret(&self, files: &impl Files, handle: &str) -> Result<String, Failure> {
        self.0.secret(files, handle)
    }
}

/// A folder that was there when the batch began.
struct Folder {
    /// Its path, cleaned.
    base: String,
    max_size: u64,
}

impl Folder {
    fn open(settings: &Settings, files: &impl Files) -> Result<Self, Failure> {
        let Settings { path, max_size } = settings;
        if path.is_empty() {
            return Err(Failure::new(FailureKind::Other, "secrets_path is required"));
        }
        match files.stat(path) {
            Ok(stat) if stat.kind == Kind::Folder => Ok(Self { base: go::clean(path), max_size: *max_size }),
            Ok(_) => {
                Err(Failure::new(FailureKind::Other, format!("secrets path '{path}' is not a directory")))
            }
            Err(error) => {
                let kind = match error.cause() {
                    // The store is gone, not one secret in it.
                    OsError::NotFound => FailureKind::Unavailable,
                    OsError::PermissionDenied | OsError::NotPermitted => FailureKind::Denied,
                    _ => FailureKind::Other,
                };
                Err(Failure::new(kind, format!("secrets path '{path}' is not accessible: {error}")))
            }
        }
    }

    fn secret(&self, files: &impl Files, handle: &str) -> Result<String, Failure> {
        let path = self.path(handle).ok_or_else(outside)?;
        let stat = files.stat(&path).map_err(|error| no_stat(handle, &error))?;
        match stat.kind {
            Kind::Folder => {
                let message = format!("secret '{handle}' is a directory, not a file");
                return Err(Failure::new(FailureKind::InvalidHandle, message));
            }
            Kind::Special => {
                let message = format!("failed to read secret '{handle}': {path} is not a regular file");
                return Err(Failure::new(FailureKind::InvalidHandle, message));
            }
            Kind::File if stat.size > self.max_size => {
                return Err(too_large(handle, self.max_size, stat.size));
            }
            Kind::File => {}
        }
        let bytes = files.read(&path, self.max_size).map_err(|error| no_read(handle, &error))?;
        if bytes.is_empty() {
            return Err(not_found());
        }
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| go::lossy(error.as_bytes())))
    }

    /// The file that a handle means, if it is in the folder by its text.
    fn path(&self, handle: &str) -> Option<String> {
        let path = if go::is_abs(handle) { go::clean(handle) } else { go::join(&[&self.base, handle]) };
        let rest = path.strip_prefix(&self.base)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(path)
    }
}

fn outside() -> Failure {
    Failure::new(FailureKind::Denied, "path outside allowed directory")
}

fn not_found() -> Failure {
    Failure::new(FailureKind::NotFound, exec::NOT_FOUND)
}

fn no_stat(handle: &str, error: &PathError) -> Failure {
    let kind = match error.cause() {
        // The name is in the folder, what it links to is not.
        OsError::NotPermitted => return outside(),
        OsError::NotFound => FailureKind::NotFound,
        OsError::PermissionDenied => FailureKind::Denied,
        OsError::InvalidArgument => FailureKind::InvalidHandle,
        _ => FailureKind::Other,
    };
    Failure::new(kind, format!("failed to stat secret file '{handle}': {error}"))
}

fn no_read(handle: &str, error: &PathError) -> Failure {
    match error.cause() {
        OsError::NotPermitted => outside(),
        // It was there a moment ago.
        OsError::NotFound => not_found(),
        OsError::PermissionDenied => {
            Failure::new(FailureKind::Denied, format!("permission denied reading secret '{handle}'"))
        }
        _ => Failure::new(FailureKind::Other, format!("failed to read secret '{handle}': {error}")),
    }
}
