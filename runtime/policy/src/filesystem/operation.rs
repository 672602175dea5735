//! What a guest can ask of a file or folder.

/// An operation of `wasi:filesystem`, as far as authority distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileOperation {
    /// Read the attributes of a file or folder, or compare two.
    Stat,
    /// Read the entries of a folder.
    List,
    /// Open a file for reading and read it.
    ReadFile,
    /// Read where a symbolic link points.
    ReadLink,
    /// Open a file for writing, write or append.
    WriteFile,
    /// Create a file.
    Create,
    /// Create a folder.
    CreateFolder,
    /// Change a file's length, at opening or later.
    Truncate,
    /// Remove a file.
    Remove,
    /// Remove a folder.
    RemoveFolder,
    /// Move or rename.
    Rename,
    /// Make a hard link.
    Link,
    /// Make a symbolic link.
    Symlink,
    /// Change times.
    SetTimes,
    /// Flush to the device, which only a writer needs.
    Sync,
}

impl FileOperation {
    /// Every operation.
    pub const ALL: &'static [Self] = &[
        Self::Stat,
        Self::List,
        Self::ReadFile,
        Self::ReadLink,
        Self::WriteFile,
        Self::Create,
        Self::CreateFolder,
        Self::Truncate,
        Self::Remove,
        Self::RemoveFolder,
        Self::Rename,
        Self::Link,
        Self::Symlink,
        Self::SetTimes,
        Self::Sync,
    ];

    /// Whether it changes something on the host.
    pub const fn changes(self) -> bool {
        !matches!(self, Self::Stat | Self::List | Self::ReadFile | Self::ReadLink)
    }

    /// The operation in words, for messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stat => "reading attributes",
            Self::List => "listing",
            Self::ReadFile => "reading",
            Self::ReadLink => "reading a link",
            Self::WriteFile => "writing",
            Self::Create => "creating a file",
            Self::CreateFolder => "creating a folder",
            Self::Truncate => "changing a file's length",
            Self::Remove => "removing a file",
            Self::RemoveFolder => "removing a folder",
            Self::Rename => "renaming",
            Self::Link => "making a hard link",
            Self::Symlink => "making a symbolic link",
            Self::SetTimes => "changing times",
            Self::Sync => "flushing",
        }
    }
}

/// An operation that a mount allows. Made by [`AuthorizedMount::decide`](super::AuthorizedMount::decide) and nowhere
/// else; a host's effects take it as proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorizedOperation(FileOperation);

impl AuthorizedOperation {
    pub(super) const fn new(operation: FileOperation) -> Self {
        Self(operation)
    }

    /// What was allowed.
    pub const fn operation(self) -> FileOperation {
        self.0
    }
}
