//! What a row of the network has at hand: servers, names, and a provider whose requests reach them.
//!
//! * [`site`]: one provider with its policy, names and events; asks it, and looks at what it told.
//! * [`names`]: a lookup that the test answers.
//! * [`inputs`]: variables and files of the host.
//! * [`told`]: what a guest told of a request, and what the host reported of it.
//! * [`spelled`]: tables of requests that must be refused.

mod inputs;
mod names;
mod site;
mod spelled;
mod told;

pub(crate) use inputs::Plain;
pub(crate) use names::Names;
pub(crate) use site::{Site, on_store, text};
pub(crate) use spelled::{Expected, Spelled, refuses};
pub(crate) use told::Told;
