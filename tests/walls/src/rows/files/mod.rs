//! Guests that reach for files, by what they want of them.
//!
//! * [`reach`]: content outside of the grant.
//! * [`change`]: to change what they may only read, or more than they may write.
//! * [`special`]: pipes, sockets, devices, the kernel's own files.
//! * [`single`]: what is beside a single granted file.
//! * [`bounds`]: more than a call may take.
//! * [`scene`]: the folders that they are let loose on.

mod bounds;
mod change;
mod reach;
mod scene;
mod single;
mod special;

pub(crate) use bounds::*;
pub(crate) use change::*;
pub(crate) use reach::*;
pub(crate) use single::*;
pub(crate) use special::*;

/// A folder, read-only.
const READ: &str = "filesystem:\n  - { host: {scene}/inside, guest: /in }";

/// A folder that may be written to.
const WRITE: &str = "filesystem:\n  - { host: {scene}/inside, guest: /in, access: write }";

/// What stands in the file that no grant reaches.
const SECRET: &str = "outside";

/// The first handle of a hostile call that takes a parameter, and one that must have its value all the same.
macro_rules! attack {
    ($parameter:literal) => {
        &[concat!("attack:", $parameter), "second"]
    };
}
use attack;
