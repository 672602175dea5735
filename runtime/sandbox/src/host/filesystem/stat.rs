//! Metadata in WASI's words.

use std::time::UNIX_EPOCH;

use cap_std::fs::{FileType, Metadata};
use cap_std::time::SystemTime;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;

use super::bindings::wasi::filesystem::types::{DescriptorStat, DescriptorType, MetadataHashValue};

/// Kind, size and times. The link count is always one: it would tell of names outside the grant.
pub(super) fn stat(metadata: &Metadata) -> DescriptorStat {
    DescriptorStat {
        type_: kind(metadata.file_type()),
        link_count: 1,
        size: metadata.len(),
        data_access_timestamp: None,
        data_modification_timestamp: metadata.modified().ok().and_then(datetime),
        status_change_timestamp: None,
    }
}

/// A virtual folder has a kind and nothing else.
pub(super) fn virtual_folder() -> DescriptorStat {
    DescriptorStat {
        type_: DescriptorType::Directory,
        link_count: 1,
        size: 0,
        data_access_timestamp: None,
        data_modification_timestamp: None,
        status_change_timestamp: None,
    }
}

pub(super) fn kind(kind: FileType) -> DescriptorType {
    if kind.is_file() {
        DescriptorType::RegularFile
    } else if kind.is_dir() {
        DescriptorType::Directory
    } else if kind.is_symlink() {
        DescriptorType::SymbolicLink
    } else {
        DescriptorType::Unknown
    }
}

/// Equal for the same object, different for another; device and inode themselves are not shown.
pub(super) fn hash(identity: (u64, u64)) -> MetadataHashValue {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        identity.hash(&mut hasher);
        hasher.finish()
    };
    MetadataHashValue { lower: half(0), upper: half(1) }
}

fn datetime(time: SystemTime) -> Option<Datetime> {
    let since = time.into_std().duration_since(UNIX_EPOCH).ok()?;
    Some(Datetime { seconds: since.as_secs(), nanoseconds: since.subsec_nanos() })
}
