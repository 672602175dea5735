//! Opening by path inside a granted folder: never outside it, never anything but a regular file or a folder.
//!
//! cap-std resolves the path relative to the folder's descriptor and refuses `..`, absolute paths and links that lead
//! out. What it opened is looked at once more on the descriptor, where it cannot change any more.

use std::path::Path;

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, Metadata, OpenOptions};
use portcullis_policy::{AuthorizedOperation, Reason};

use super::Refusal;
use super::bindings::wasi::filesystem::types::{ErrorCode, OpenFlags};

/// What was found behind a path.
pub(super) enum Found {
    Folder(Dir),
    File(std::fs::File, Metadata),
}

/// How to open.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    pub(super) follow: bool,
    pub(super) write: bool,
    pub(super) flags: OpenFlags,
}

/// Opens `path` beneath `folder`. The proof says that the policy allows it.
pub(super) fn open(
    folder: &Dir,
    path: &Path,
    how: How,
    _allowed: &AuthorizedOperation,
) -> Result<Found, Refusal> {
    // Looking before opening keeps devices from noticing; looking after it is what counts.
    match metadata(folder, path, how.follow) {
        Ok(metadata) => refuse_special(&metadata)?,
        Err(_) if how.flags.contains(OpenFlags::CREATE) => {}
        Err(refusal) => return Err(refusal),
    }
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(how.write)
        .create(how.flags.contains(OpenFlags::CREATE) && !how.flags.contains(OpenFlags::EXCLUSIVE))
        .create_new(how.flags.contains(OpenFlags::CREATE | OpenFlags::EXCLUSIVE))
        .truncate(how.flags.contains(OpenFlags::TRUNCATE))
        .follow(follow(how.follow));
    super::system::never_wait(&mut options);

    let file = folder.open_with(path, &options)?;
    let metadata = file.metadata()?;
    refuse_special(&metadata)?;
    if super::system::is_kernel_interface(&file) {
        return Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsSpecialFile));
    }
    if metadata.is_dir() {
        return Ok(Found::Folder(Dir::from_std_file(file.into_std())));
    }
    if how.flags.contains(OpenFlags::DIRECTORY) {
        return Err(Refusal::failed(ErrorCode::NotDirectory));
    }
    Ok(Found::File(file.into_std(), metadata))
}

/// What is behind `path`, without opening it.
pub(super) fn metadata(folder: &Dir, path: &Path, follow_links: bool) -> Result<Metadata, Refusal> {
    Ok(if follow_links { folder.metadata(path)? } else { folder.symlink_metadata(path)? })
}

/// A folder or a regular file, or nothing: what blocks, lies or acts is refused.
fn refuse_special(metadata: &Metadata) -> Result<(), Refusal> {
    let kind = metadata.file_type();
    if kind.is_file() || kind.is_dir() {
        return Ok(());
    }
    if kind.is_symlink() {
        return Err(Refusal::failed(ErrorCode::Loop));
    }
    Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsSpecialFile))
}

fn follow(yes: bool) -> FollowSymlinks {
    if yes { FollowSymlinks::Yes } else { FollowSymlinks::No }
}

/// Opens a folder beneath `folder` again, for a listing of its own.
pub(super) fn reopen(folder: &Dir) -> Result<Dir, Refusal> {
    Ok(folder.open_dir_nofollow(".")?)
}
