//! The settings of the built-in backend types: what there is, how it is decoded, and what a guest may see of
//! it.
//!
//! One table for each type ([`schema`]) says where each setting belongs: to the guest, or to the host because
//! it is a credential or names how TLS is done. From it follow the decoded settings ([`decode`]) and the
//! settings that a guest is given ([`guest_view`], [`flatten`]). A component of an operator's own has no table, and
//! still gets no credential by its settings ([`custom_view`]).

mod builtin;
mod decode;
mod decoded;
mod error;
mod files;
mod flatten;
mod schema;
mod view;
mod withheld;

pub use builtin::{BACKEND_TYPES, schema};
pub use decode::decode;
pub use decoded::Decoded;
pub use error::DecodeError;
pub use files::{DEFAULT_MAX_FILE_SIZE, DOCKER_SECRETS_PATH, FileSettings};
pub use flatten::flatten;
pub use schema::{Field, Kind, Place, Schema};
pub use view::{custom_view, guest_view};
pub use withheld::withheld;
