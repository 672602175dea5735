//! What a guest holds: a folder, a file, a portal, or a listing.

#![expect(
    unreachable_pub,
    reason = "the generated bindings re-export these types, and may only re-export what is public"
)]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use cap_std::fs::{Dir, Metadata};
use portcullis_policy::{AuthorizedMount, AuthorizedOperation, FileOperation, Reason};
use zeroize::Zeroizing;

use super::Refusal;
use super::beneath::{self, Found, How};
use super::bindings::wasi::filesystem::types::{DescriptorStat, DirectoryEntry, ErrorCode, OpenFlags};
use super::budget::{Budget, Permit};
use super::{stat, system};

/// Largest file that is read as it is opened, in bytes. Nearly every secret is smaller.
const READ_AHEAD: u64 = 64 << 10;

/// Room behind what is expected, in bytes: with less of it the standard library looks for more through its stack, where
/// nobody wipes what it found.
const SPARE: usize = 64;

/// A descriptor in the guest's table. Cheap to clone: operations run on other threads.
#[derive(Clone, Debug)]
pub enum Descriptor {
    /// A folder inside a grant.
    Folder(Arc<Folder>),
    /// A regular file inside a grant.
    File(Arc<OpenFile>),
    /// A virtual folder with the granted files of one parent.
    Portal(Arc<Portal>),
}

/// A folder, with the grant that it was opened under.
#[derive(Debug)]
pub struct Folder {
    dir: Dir,
    mount: Arc<AuthorizedMount>,
    /// None for the granted folder itself: there are as many of these as the policy names.
    _permit: Option<Permit>,
}

/// A regular file, with what it may be used for.
#[derive(Debug)]
pub struct OpenFile {
    content: Content,
    write: Option<AuthorizedOperation>,
}

/// Where a file's bytes are.
#[derive(Debug)]
enum Content {
    /// On the disk, behind a descriptor.
    OnDisk { file: std::fs::File, _permit: Permit },
    /// In memory, and the descriptor is closed.
    AtHand(Ahead),
}

/// A small file as it was when it was opened: what follows an open needs no second way to the disk.
#[derive(Debug)]
struct Ahead {
    stat: DescriptorStat,
    identity: (u64, u64),
    bytes: Zeroizing<Vec<u8>>,
}

/// A virtual folder: exactly these names, each a granted file.
#[derive(Debug)]
pub struct Portal {
    files: BTreeMap<String, PortalFile>,
}

/// One granted file: its parent's descriptor and its name there.
#[derive(Debug)]
pub(super) struct PortalFile {
    parent: Dir,
    name: PathBuf,
    mount: AuthorizedMount,
    /// The file itself, if it was small and could be read when the grant was opened.
    at_hand: Option<(Descriptor, Metadata)>,
}

/// A folder's entries, read ahead, handed out one by one.
#[derive(Debug)]
pub struct Listing(pub(super) std::vec::IntoIter<DirectoryEntry>);

impl Folder {
    pub(super) fn new(dir: Dir, mount: AuthorizedMount) -> Arc<Self> {
        Arc::new(Self { dir, mount: Arc::new(mount), _permit: None })
    }

    pub(super) fn dir(&self) -> &Dir {
        &self.dir
    }

    /// The one decision on an operation in this grant.
    pub(super) fn decide(&self, operation: FileOperation) -> Result<AuthorizedOperation, Refusal> {
        decide(&self.mount, operation)
    }

    fn open(&self, path: &Path, how: How, budget: &Budget) -> Result<Descriptor, Refusal> {
        let allowed = self.decide(operation(how))?;
        if how.flags.contains(OpenFlags::CREATE) {
            budget.take_entry()?;
        }
        let permit = budget.open()?;
        Ok(match beneath::open(&self.dir, path, how, &allowed)? {
            Found::Folder(dir) => Descriptor::Folder(Arc::new(Self {
                dir,
                mount: Arc::clone(&self.mount),
                _permit: Some(permit),
            })),
            Found::File(file, metadata) => {
                OpenFile::descriptor(file, &metadata, how, allowed, budget, permit)
            }
        })
    }
}

impl PortalFile {
    /// Opens a granted file, as far as it is there. Whatever is wrong with it is said when the guest opens it.
    pub(super) fn new(parent: Dir, name: PathBuf, mount: AuthorizedMount) -> Self {
        let mut file = Self { parent, name, mount, at_hand: None };
        let how = How { follow: true, write: false, flags: OpenFlags::empty() };
        if let Ok(allowed) = decide(&file.mount, operation(how))
            && let Ok(Found::File(opened, metadata)) = beneath::open(&file.parent, &file.name, how, &allowed)
        {
            // Beside the call's budget: there are as many of these as the policy names.
            file.at_hand = read_ahead(&opened, &metadata).map(|ahead| {
                let file = OpenFile { content: Content::AtHand(ahead), write: None };
                (Descriptor::File(Arc::new(file)), metadata)
            });
        }
        file
    }
}

impl Portal {
    pub(super) fn new(files: BTreeMap<String, PortalFile>) -> Self {
        Self { files }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }

    /// The file behind a path. `..` and deeper paths lead out of what is granted.
    fn file(&self, path: &Path) -> Result<&PortalFile, Refusal> {
        if system::ends_in_slash(path) {
            return Err(Refusal::failed(ErrorCode::NotDirectory));
        }
        let mut names = path.components().filter(|part| *part != Component::CurDir);
        match (names.next(), names.next()) {
            (Some(Component::Normal(name)), None) => name
                .to_str()
                .and_then(|name| self.files.get(name))
                .ok_or_else(|| Refusal::failed(ErrorCode::NoEntry)),
            (Some(Component::Normal(_)), Some(Component::Normal(_))) => {
                Err(Refusal::failed(ErrorCode::NoEntry))
            }
            _ => Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsOutside)),
        }
    }

    fn open(&self, path: &Path, how: How, budget: &Budget) -> Result<Descriptor, Refusal> {
        let granted = self.file(path)?;
        let allowed = decide(&granted.mount, operation(how))?;
        let permit = budget.open()?;
        // The name itself may be a link within its folder, as kubelet's are.
        let how = How { follow: true, ..how };
        match beneath::open(&granted.parent, &granted.name, how, &allowed)? {
            Found::File(file, metadata) => {
                Ok(OpenFile::descriptor(file, &metadata, how, allowed, budget, permit))
            }
            // The grant named a file when it was opened: a folder that took its place was not granted.
            Found::Folder(_) => Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsOutside)),
        }
    }
}

impl Descriptor {
    /// What opening or looking at a path will find, where that takes no way to the disk.
    pub(super) fn at_hand(&self, path: &Path, how: How) -> Option<(&Self, &Metadata)> {
        let Self::Portal(portal) = self else { return None };
        let granted = portal.file(path).ok()?;
        if how.write || how.flags != OpenFlags::empty() || decide(&granted.mount, operation(how)).is_err() {
            return None;
        }
        granted.at_hand.as_ref().map(|(descriptor, metadata)| (descriptor, metadata))
    }

    pub(super) fn open(&self, path: &Path, how: How, budget: &Budget) -> Result<Self, Refusal> {
        match self {
            Self::Folder(folder) => folder.open(path, how, budget),
            Self::Portal(portal) => portal.open(path, how, budget),
            Self::File(_) => Err(Refusal::failed(ErrorCode::NotDirectory)),
        }
    }

    /// Metadata of what is behind a path.
    pub(super) fn metadata_at(&self, path: &Path, follow: bool) -> Result<Metadata, Refusal> {
        match self {
            Self::Folder(folder) => {
                folder.decide(FileOperation::Stat)?;
                beneath::metadata(&folder.dir, path, follow)
            }
            Self::Portal(portal) => {
                let granted = portal.file(path)?;
                decide(&granted.mount, FileOperation::Stat)?;
                beneath::metadata(&granted.parent, &granted.name, true)
            }
            Self::File(_) => Err(Refusal::failed(ErrorCode::NotDirectory)),
        }
    }

    /// The file, for operations that only files have.
    pub(super) fn file(&self) -> Result<&Arc<OpenFile>, Refusal> {
        match self {
            Self::File(file) => Ok(file),
            Self::Folder(_) | Self::Portal(_) => Err(Refusal::failed(ErrorCode::IsDirectory)),
        }
    }

    /// The real folder, for operations that change one.
    pub(super) fn folder(&self) -> Result<&Arc<Folder>, Refusal> {
        match self {
            Self::Folder(folder) => Ok(folder),
            Self::Portal(_) => Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsOutside)),
            Self::File(_) => Err(Refusal::failed(ErrorCode::NotDirectory)),
        }
    }
}

impl OpenFile {
    /// What the guest holds of a file that was opened.
    fn descriptor(
        file: std::fs::File,
        metadata: &Metadata,
        how: How,
        allowed: AuthorizedOperation,
        budget: &Budget,
        permit: Permit,
    ) -> Descriptor {
        let ahead = if !how.write && metadata.len() <= READ_AHEAD && budget.keep(metadata.len()) {
            read_ahead(&file, metadata)
        } else {
            None
        };
        let content = ahead.map_or_else(|| Content::OnDisk { file, _permit: permit }, Content::AtHand);
        Descriptor::File(Arc::new(Self { content, write: how.write.then_some(allowed) }))
    }

    /// Whether writing was allowed when the file was opened: then it can be written to.
    pub(super) fn writer(&self) -> Result<&std::fs::File, Refusal> {
        match (&self.write, &self.content) {
            (Some(_), Content::OnDisk { file, .. }) => Ok(file),
            _ => Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsReadonly)),
        }
    }

    /// Whether nothing that is asked of this file takes a way to the disk.
    pub(super) fn is_at_hand(&self) -> bool {
        matches!(self.content, Content::AtHand(_))
    }

    pub(super) fn stat(&self) -> Result<DescriptorStat, Refusal> {
        match &self.content {
            Content::AtHand(ahead) => Ok(ahead.stat),
            Content::OnDisk { file, .. } => Ok(stat::stat(&Metadata::from_file(file)?)),
        }
    }

    /// What tells this file from all others.
    pub(super) fn identity(&self) -> Result<(u64, u64), Refusal> {
        match &self.content {
            Content::AtHand(ahead) => Ok(ahead.identity),
            Content::OnDisk { file, .. } => Ok(system::identity(&Metadata::from_file(file)?)),
        }
    }

    /// At most `length` bytes from a position on. Empty means the end.
    pub(super) fn read(&self, length: usize, offset: u64) -> Result<Vec<u8>, Refusal> {
        match &self.content {
            Content::AtHand(ahead) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                let rest = ahead.bytes.get(from..).unwrap_or_default();
                Ok(rest.get(..length).unwrap_or(rest).to_vec())
            }
            Content::OnDisk { file, .. } => {
                let mut buffer = vec![0; length];
                let read = system::read_at(file, &mut buffer, offset)?;
                buffer.truncate(read);
                Ok(buffer)
            }
        }
    }
}

/// The whole of a small file. `None` for a larger one, and where reading fails: the guest's own read will say why.
fn read_ahead(file: &std::fs::File, metadata: &Metadata) -> Option<Ahead> {
    if metadata.len() > READ_AHEAD {
        return None;
    }
    let length = usize::try_from(metadata.len()).ok()?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.saturating_add(SPARE)));
    // One byte more than there should be tells of a file that grows. It is no longer small, then.
    file.take(metadata.len().saturating_add(1)).read_to_end(&mut bytes).ok()?;
    let whole = bytes.len() as u64 <= metadata.len();
    whole.then(|| Ahead { stat: stat::stat(metadata), identity: system::identity(metadata), bytes })
}

/// What opening in this way amounts to.
fn operation(how: How) -> FileOperation {
    if how.flags.contains(OpenFlags::TRUNCATE) {
        FileOperation::Truncate
    } else if how.flags.contains(OpenFlags::CREATE) {
        FileOperation::Create
    } else if how.write {
        FileOperation::WriteFile
    } else {
        FileOperation::ReadFile
    }
}

fn decide(mount: &AuthorizedMount, operation: FileOperation) -> Result<AuthorizedOperation, Refusal> {
    mount.decide(operation).map_err(|denial| Refusal::denied(ErrorCode::ReadOnly, denial.reason()))
}
