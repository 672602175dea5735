//! Reading, listing, and the questions about files.

use std::path::PathBuf;
use std::sync::Arc;

use portcullis_policy::FileOperation;
use wasmtime::component::Resource;
use wasmtime_wasi_io::streams::{DynInputStream, DynOutputStream};

use super::beneath::{self, How};
use super::bindings::wasi::filesystem::preopens;
use super::bindings::wasi::filesystem::types::{
    Advice, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry, ErrorCode, Filesize, Host,
    HostDescriptor, HostDirectoryEntryStream, MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use super::budget::Budget;
use super::descriptor::{Descriptor, Listing};
use super::stream::{self, FileReader, FileWriter};
use super::{FilesView, Refusal, blocking, mutations, stat, system};

/// Most bytes that one `read` gives, whatever the guest asks for: the host holds as many for each call. It is what the SDK
/// asks for, and larger steps are no faster.
const READ: u64 = 1 << 20;

/// Longest path, in bytes: that of Linux. Nothing has to be worked out, or kept, of a longer one.
const PATH: usize = 4096;

type Handle = Resource<Descriptor>;

impl preopens::Host for FilesView<'_> {
    async fn get_directories(&mut self) -> wasmtime::Result<Vec<(Handle, String)>> {
        let preopens = self.files.mounts.preopens().await;
        let mut directories = Vec::with_capacity(preopens.len());
        for (descriptor, guest) in preopens {
            directories.push((self.table.push(descriptor.clone())?, guest.clone()));
        }
        Ok(directories)
    }
}

impl Host for FilesView<'_> {
    fn convert_error_code(&mut self, refusal: Refusal) -> wasmtime::Result<ErrorCode> {
        refusal.into_code()
    }

    fn filesystem_error_code(
        &mut self,
        error: Resource<wasmtime::Error>,
    ) -> wasmtime::Result<Option<ErrorCode>> {
        Ok(self.table.get(&error)?.downcast_ref::<ErrorCode>().copied())
    }
}

impl HostDescriptor for FilesView<'_> {
    fn read_via_stream(
        &mut self,
        this: Handle,
        offset: Filesize,
    ) -> Result<Resource<DynInputStream>, Refusal> {
        let file = Arc::clone(self.table.get(&this)?.file()?);
        let reader: DynInputStream = Box::new(FileReader::new(file, Arc::clone(&self.files.budget), offset));
        // No child of the descriptor: it holds the file itself, and a guest may drop the two in any order.
        Ok(self.table.push(reader)?)
    }

    fn write_via_stream(
        &mut self,
        this: Handle,
        offset: Filesize,
    ) -> Result<Resource<DynOutputStream>, Refusal> {
        let file = Arc::clone(self.table.get(&this)?.file()?);
        let allowed = file.writer().map(drop);
        self.reported("write-via-stream", allowed)?;
        let writer: DynOutputStream = Box::new(FileWriter::new(file, Arc::clone(&self.files.budget), offset));
        Ok(self.table.push(writer)?)
    }

    fn append_via_stream(&mut self, this: Handle) -> Result<Resource<DynOutputStream>, Refusal> {
        let end = match self.table.get(&this)?.file()?.writer() {
            Ok(writer) => writer.metadata()?.len(),
            // Refused below, where it is reported.
            Err(_) => 0,
        };
        self.write_via_stream(this, end)
    }

    fn advise(&mut self, this: Handle, _: Filesize, _: Filesize, _: Advice) -> Result<(), Refusal> {
        self.table.get(&this)?.file().map(drop)
    }

    async fn sync_data(&mut self, this: Handle) -> Result<(), Refusal> {
        self.sync(this).await
    }

    fn get_flags(&mut self, this: Handle) -> Result<DescriptorFlags, Refusal> {
        Ok(match self.table.get(&this)? {
            Descriptor::File(file) if file.writer().is_ok() => DescriptorFlags::READ | DescriptorFlags::WRITE,
            Descriptor::File(_) | Descriptor::Portal(_) => DescriptorFlags::READ,
            Descriptor::Folder(folder) if folder.decide(FileOperation::Create).is_ok() => {
                DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY
            }
            Descriptor::Folder(_) => DescriptorFlags::READ,
        })
    }

    fn get_type(&mut self, this: Handle) -> Result<DescriptorType, Refusal> {
        Ok(match self.table.get(&this)? {
            Descriptor::File(_) => DescriptorType::RegularFile,
            Descriptor::Folder(_) | Descriptor::Portal(_) => DescriptorType::Directory,
        })
    }

    async fn set_size(&mut self, this: Handle, size: Filesize) -> Result<(), Refusal> {
        let file = Arc::clone(self.table.get(&this)?.file()?);
        let budget = Arc::clone(&self.files.budget);
        let outcome = blocking(move || mutations::set_size(&file, size, &budget)).await;
        self.reported("set-size", outcome)
    }

    fn set_times(&mut self, this: Handle, _: NewTimestamp, _: NewTimestamp) -> Result<(), Refusal> {
        self.table.get(&this)?;
        let refused = mutations::never();
        self.reported("set-times", refused)
    }

    async fn read(
        &mut self,
        this: Handle,
        length: Filesize,
        offset: Filesize,
    ) -> Result<(Vec<u8>, bool), Refusal> {
        let file = Arc::clone(self.table.get(&this)?.file()?);
        let budget = Arc::clone(&self.files.budget);
        let outcome = if file.is_at_hand() {
            stream::read(&file, &budget, length.min(READ), offset)
        } else {
            blocking(move || stream::read(&file, &budget, length.min(READ), offset)).await
        };
        let bytes = self.reported("read", outcome)?;
        let end = bytes.is_empty() && length > 0;
        Ok((bytes, end))
    }

    async fn write(&mut self, this: Handle, bytes: Vec<u8>, offset: Filesize) -> Result<Filesize, Refusal> {
        let file = Arc::clone(self.table.get(&this)?.file()?);
        let budget = Arc::clone(&self.files.budget);
        let length = bytes.len() as u64;
        let outcome = blocking(move || stream::write_all(&file, &budget, &bytes, offset)).await;
        self.reported("write", outcome)?;
        Ok(length)
    }

    async fn read_directory(&mut self, this: Handle) -> Result<Resource<Listing>, Refusal> {
        let descriptor = self.table.get(&this)?.clone();
        let budget = Arc::clone(&self.files.budget);
        let outcome = blocking(move || list(&descriptor, &budget)).await;
        let listing = self.reported("read-directory", outcome)?;
        Ok(self.table.push(listing)?)
    }

    async fn sync(&mut self, this: Handle) -> Result<(), Refusal> {
        let descriptor = self.table.get(&this)?.clone();
        let outcome = blocking(move || mutations::sync(&descriptor)).await;
        self.reported("sync", outcome)
    }

    async fn create_directory_at(&mut self, this: Handle, path: String) -> Result<(), Refusal> {
        let folder = Arc::clone(self.table.get(&this)?.folder()?);
        let name = path_name(&path)?;
        let budget = Arc::clone(&self.files.budget);
        let outcome = blocking(move || mutations::create_folder(&folder, &name, &budget)).await;
        self.reported(&path, outcome)
    }

    async fn stat(&mut self, this: Handle) -> Result<DescriptorStat, Refusal> {
        match self.table.get(&this)?.clone() {
            Descriptor::Portal(_) => Ok(stat::virtual_folder()),
            Descriptor::Folder(folder) => {
                blocking(move || Ok(stat::stat(&folder.dir().dir_metadata()?))).await
            }
            Descriptor::File(file) if file.is_at_hand() => file.stat(),
            Descriptor::File(file) => blocking(move || file.stat()).await,
        }
    }

    async fn stat_at(
        &mut self,
        this: Handle,
        flags: PathFlags,
        path: String,
    ) -> Result<DescriptorStat, Refusal> {
        let metadata = self.metadata_at(&this, flags, &path).await?;
        Ok(stat::stat(&metadata))
    }

    fn set_times_at(
        &mut self,
        this: Handle,
        _: PathFlags,
        path: String,
        _: NewTimestamp,
        _: NewTimestamp,
    ) -> Result<(), Refusal> {
        self.table.get(&this)?;
        let refused = mutations::never();
        self.reported(&path, refused)
    }

    fn link_at(
        &mut self,
        this: Handle,
        _: PathFlags,
        path: String,
        _: Handle,
        _: String,
    ) -> Result<(), Refusal> {
        self.table.get(&this)?;
        let refused = mutations::never();
        self.reported(&path, refused)
    }

    async fn open_at(
        &mut self,
        this: Handle,
        path_flags: PathFlags,
        path: String,
        flags: OpenFlags,
        access: DescriptorFlags,
    ) -> Result<Handle, Refusal> {
        let descriptor = self.table.get(&this)?.clone();
        let name = path_name(&path)?;
        let how = How {
            follow: path_flags.contains(PathFlags::SYMLINK_FOLLOW),
            write: access.contains(DescriptorFlags::WRITE),
            flags,
        };
        let opened = match descriptor.at_hand(&name, how) {
            Some((opened, _)) => opened.clone(),
            None => {
                let budget = Arc::clone(&self.files.budget);
                let outcome = blocking(move || descriptor.open(&name, how, &budget)).await;
                self.reported(&path, outcome)?
            }
        };
        Ok(self.table.push(opened)?)
    }

    async fn readlink_at(&mut self, this: Handle, path: String) -> Result<String, Refusal> {
        let folder = Arc::clone(self.table.get(&this)?.folder()?);
        let name = path_name(&path)?;
        let outcome = blocking(move || {
            folder.decide(FileOperation::ReadLink)?;
            let target = folder.dir().read_link(&name)?;
            target.into_os_string().into_string().map_err(|_| Refusal::failed(ErrorCode::IllegalByteSequence))
        })
        .await;
        self.reported(&path, outcome)
    }

    async fn remove_directory_at(&mut self, this: Handle, path: String) -> Result<(), Refusal> {
        let folder = Arc::clone(self.table.get(&this)?.folder()?);
        let name = path_name(&path)?;
        let outcome = blocking(move || mutations::remove_folder(&folder, &name)).await;
        self.reported(&path, outcome)
    }

    async fn rename_at(
        &mut self,
        this: Handle,
        path: String,
        new_parent: Handle,
        new_path: String,
    ) -> Result<(), Refusal> {
        let from = Arc::clone(self.table.get(&this)?.folder()?);
        let to = Arc::clone(self.table.get(&new_parent)?.folder()?);
        let (name, new_name) = (path_name(&path)?, path_name(&new_path)?);
        let outcome = blocking(move || mutations::rename(&from, &name, &to, &new_name)).await;
        self.reported(&path, outcome)
    }

    fn symlink_at(&mut self, this: Handle, _: String, path: String) -> Result<(), Refusal> {
        self.table.get(&this)?;
        let refused = mutations::never();
        self.reported(&path, refused)
    }

    async fn unlink_file_at(&mut self, this: Handle, path: String) -> Result<(), Refusal> {
        let folder = Arc::clone(self.table.get(&this)?.folder()?);
        let name = path_name(&path)?;
        let outcome = blocking(move || mutations::remove_file(&folder, &name)).await;
        self.reported(&path, outcome)
    }

    async fn is_same_object(&mut self, this: Handle, other: Handle) -> wasmtime::Result<bool> {
        let (this, other) = (self.table.get(&this)?.clone(), self.table.get(&other)?.clone());
        let same = blocking(move || Ok(identity(&this)? == identity(&other)?)).await;
        Ok(same.unwrap_or(false))
    }

    async fn metadata_hash(&mut self, this: Handle) -> Result<MetadataHashValue, Refusal> {
        match self.table.get(&this)?.clone() {
            Descriptor::Portal(_) => Err(Refusal::failed(ErrorCode::Unsupported)),
            Descriptor::Folder(folder) => {
                blocking(move || Ok(stat::hash(system::identity(&folder.dir().dir_metadata()?)))).await
            }
            Descriptor::File(file) => blocking(move || Ok(stat::hash(file.identity()?))).await,
        }
    }

    async fn metadata_hash_at(
        &mut self,
        this: Handle,
        flags: PathFlags,
        path: String,
    ) -> Result<MetadataHashValue, Refusal> {
        let metadata = self.metadata_at(&this, flags, &path).await?;
        Ok(stat::hash(system::identity(&metadata)))
    }

    fn drop(&mut self, this: Handle) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}

impl FilesView<'_> {
    async fn metadata_at(
        &mut self,
        this: &Handle,
        flags: PathFlags,
        path: &str,
    ) -> Result<cap_std::fs::Metadata, Refusal> {
        let descriptor = self.table.get(this)?.clone();
        let name = path_name(path)?;
        let follow = flags.contains(PathFlags::SYMLINK_FOLLOW);
        let looking = How { follow, write: false, flags: OpenFlags::empty() };
        if let Some((_, metadata)) = descriptor.at_hand(&name, looking) {
            return Ok(metadata.clone());
        }
        let outcome = blocking(move || descriptor.metadata_at(&name, follow)).await;
        self.reported(path, outcome)
    }
}

impl HostDirectoryEntryStream for FilesView<'_> {
    fn read_directory_entry(&mut self, this: Resource<Listing>) -> Result<Option<DirectoryEntry>, Refusal> {
        Ok(self.table.get_mut(&this)?.0.next())
    }

    fn drop(&mut self, this: Resource<Listing>) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}

/// The entries of a folder, each taken from the budget; a name that is no UTF-8 cannot be told to the guest.
fn list(descriptor: &Descriptor, budget: &Budget) -> Result<Listing, Refusal> {
    let mut entries = Vec::new();
    match descriptor {
        Descriptor::File(_) => return Err(Refusal::failed(ErrorCode::NotDirectory)),
        Descriptor::Portal(portal) => {
            for name in portal.names() {
                budget.take_entry()?;
                entries.push(DirectoryEntry { type_: DescriptorType::RegularFile, name: name.clone() });
            }
        }
        Descriptor::Folder(folder) => {
            folder.decide(FileOperation::List)?;
            for entry in beneath::reopen(folder.dir())?.entries()? {
                let entry = entry?;
                budget.take_entry()?;
                if let Ok(name) = entry.file_name().into_string() {
                    entries.push(DirectoryEntry { type_: stat::kind(entry.file_type()?), name });
                }
            }
        }
    }
    Ok(Listing(entries.into_iter()))
}

fn identity(descriptor: &Descriptor) -> Result<Option<(u64, u64)>, Refusal> {
    Ok(match descriptor {
        Descriptor::Portal(_) => None,
        Descriptor::Folder(folder) => Some(system::identity(&folder.dir().dir_metadata()?)),
        Descriptor::File(file) => Some(file.identity()?),
    })
}

/// A path of the guest, as long as the system takes one.
fn path_name(path: &str) -> Result<PathBuf, Refusal> {
    if path.len() > PATH { Err(Refusal::failed(ErrorCode::NameTooLong)) } else { Ok(PathBuf::from(path)) }
}
