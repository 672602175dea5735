//! Files and folders that the policy grants, read-only.
//!
//! A backend reads through the trait [`Files`]: in a component that is [`Granted`], in a backend's own tests whatever they
//! like. Paths are the operator's: absolute, or relative as the grant was written.

mod granted;
mod place;

pub use granted::Granted;
pub use portcullis_compat::go::{OsError, PathError};

/// What a backend needs of a file system.
pub trait Files {
    /// What is at the path; links are followed.
    ///
    /// # Errors
    ///
    /// When nothing is there, or the grant does not reach it: [`OsError::NotFound`], [`OsError::NotPermitted`] for a link that
    /// leaves its grant, or what the host's file system said.
    fn stat(&self, path: &str) -> Result<Stat, PathError>;

    /// A file's bytes, all of them.
    ///
    /// # Errors
    ///
    /// As [`Files::stat`]; and [`OsError::FileTooLarge`] for a file of more than `limit` bytes.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, PathError>;
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// File, folder or neither.
    pub kind: Kind,
    /// The file's size in bytes.
    pub size: u64,
}

/// Kinds of things at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a socket, a device: nothing that can be read as a file.
    Special,
}
