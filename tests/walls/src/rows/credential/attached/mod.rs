//! Rows 77 to 79: guests that reach for the credential that the host attaches. Each holds for every kind of credential.
//!
//! * [`dumped`]: what a guest reads of itself and of its requests.
//! * [`reflected`]: what comes back from where it sends them.
//! * [`kinds`]: the table of kinds.
//! * [`scene`]: one of them at work.
//! * [`forms`]: the forms in which a secret could be read.

mod dumped;
mod forms;
mod kinds;
mod reflected;
mod scene;

pub(crate) use dumped::dump_credentialed;
pub(crate) use reflected::{reflect_echo, reflect_placeholder};
