//! What only a write grant allows. Links and times are nobody's business: they are refused under any grant.

use std::path::Path;

use portcullis_policy::{FileOperation, Reason};

use super::Refusal;
use super::bindings::wasi::filesystem::types::ErrorCode;
use super::descriptor::{Folder, OpenFile};

/// Hard links, symbolic links and times: no secret backend needs them, and each has been a way out of a sandbox.
pub(super) fn never() -> Result<(), Refusal> {
    Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsReadonly))
}

pub(super) fn set_size(file: &OpenFile, size: u64) -> Result<(), Refusal> {
    file.writable()?;
    Ok(file.file.set_len(size)?)
}

pub(super) fn create_folder(folder: &Folder, name: &Path) -> Result<(), Refusal> {
    folder.decide(FileOperation::CreateFolder)?;
    Ok(folder.dir().create_dir(name)?)
}

pub(super) fn remove_folder(folder: &Folder, name: &Path) -> Result<(), Refusal> {
    folder.decide(FileOperation::RemoveFolder)?;
    Ok(folder.dir().remove_dir(name)?)
}

pub(super) fn remove_file(folder: &Folder, name: &Path) -> Result<(), Refusal> {
    folder.decide(FileOperation::Remove)?;
    Ok(folder.dir().remove_file(name)?)
}

pub(super) fn rename(from: &Folder, name: &Path, to: &Folder, new_name: &Path) -> Result<(), Refusal> {
    from.decide(FileOperation::Rename)?;
    to.decide(FileOperation::Rename)?;
    Ok(from.dir().rename(name, to.dir(), new_name)?)
}
