//! What only a write grant allows. Links and times are nobody's business: they are refused under any grant.

use std::path::Path;

use portcullis_policy::{FileOperation, Reason};

use super::bindings::wasi::filesystem::types::ErrorCode;
use super::budget::Budget;
use super::descriptor::{Descriptor, Folder, OpenFile};
use super::{Refusal, system};

/// Hard links, symbolic links and times: no secret backend needs them, and each has been a way out of a sandbox.
pub(super) fn never() -> Result<(), Refusal> {
    Err(Refusal::denied(ErrorCode::NotPermitted, Reason::FsReadonly))
}

pub(super) fn set_size(file: &OpenFile, size: u64, budget: &Budget) -> Result<(), Refusal> {
    let writer = file.writer()?;
    budget.length(size)?;
    Ok(writer.set_len(size)?)
}

/// Flushing makes the whole file system work: it is for those who wrote.
pub(super) fn sync(descriptor: &Descriptor) -> Result<(), Refusal> {
    match descriptor {
        Descriptor::File(file) => Ok(file.writer()?.sync_data()?),
        Descriptor::Folder(folder) => folder.decide(FileOperation::Sync).map(drop),
        Descriptor::Portal(_) => never(),
    }
}

pub(super) fn create_folder(folder: &Folder, name: &Path, budget: &Budget) -> Result<(), Refusal> {
    folder.decide(FileOperation::CreateFolder)?;
    budget.take_entry()?;
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
    // A slash at the end says that it is a folder. Taken for a file's name, it would be a second spelling of it.
    let says_folder = system::ends_in_slash(name) || system::ends_in_slash(new_name);
    if says_folder && !from.dir().symlink_metadata(name)?.is_dir() {
        return Err(Refusal::failed(ErrorCode::NotDirectory));
    }
    Ok(from.dir().rename(name, to.dir(), new_name)?)
}
