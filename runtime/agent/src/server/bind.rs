//! A socket's file: made so that nobody but its users can ever open it, and never taken from another server.

use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use thiserror::Error;
use tokio::net::UnixListener;

use super::Place;

/// A socket that cannot be listened on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// Another server.
    #[error("{}: another server listens there: stop it first, or name another socket with --socket", .0.display())]
    Taken(PathBuf),
    /// No socket.
    #[error("{}: something else than a socket lies there: remove it, or name another socket with --socket", .0.display())]
    NoSocket(PathBuf),
    /// The system says no.
    #[error("cannot listen at {}: {error}; its folder must exist and be writable for this user", path.display())]
    System {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
}

/// `mode` is who can open the socket's file; who may ask is judged of each connection.
pub(super) fn bind(path: &Path, mode: u32) -> Result<(UnixListener, Place), BindError> {
    let system = |error| BindError::System { path: path.to_owned(), error };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(system(error)),
        Ok(there) if !there.file_type().is_socket() => return Err(BindError::NoSocket(path.to_owned())),
        Ok(_) if UnixStream::connect(path).is_ok() => return Err(BindError::Taken(path.to_owned())),
        Ok(_) => {}
    }
    // Made under another name, so that it is never there with other rights, and the old one is replaced at once.
    let made = beside(path);
    let _ = fs::remove_file(&made);
    let listener = UnixListener::bind(&made).map_err(system)?;
    let placed = fs::set_permissions(&made, Permissions::from_mode(mode))
        .and_then(|()| fs::symlink_metadata(&made))
        .and_then(|metadata| fs::rename(&made, path).map(|()| metadata));
    match placed {
        Ok(metadata) => Ok((listener, Place { path: path.to_owned(), file: identity(&metadata) })),
        Err(error) => {
            let _ = fs::remove_file(&made);
            Err(system(error))
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    name.into()
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

impl Drop for Place {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|there| identity(&there) == self.file) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
