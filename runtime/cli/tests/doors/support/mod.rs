//! What the tests stand on: folders, the command, and tables of rows.

mod daemon;
mod folder;
mod portcullis;
mod table;

pub(crate) use daemon::Daemon;
pub(crate) use folder::{Folder, set_mode};
pub(crate) use portcullis::{Portcullis, Run};
pub(crate) use table::Table;

/// Whether this runs as root: some rows need it, some need its absence.
pub(crate) fn root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}
