//! Files and folders: what a policy grants, and the authorised form that the filesystem host accepts.

mod bound;
mod mount;
mod operation;

pub use bound::FileBound;
pub(crate) use bound::intersect;
pub use mount::{AuthorizedMount, FileAccess, Mount, MountError};
pub use operation::{AuthorizedOperation, FileOperation};
