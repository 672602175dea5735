//! What goes out and what comes back.

mod request;
mod response;

pub use request::RequestBody;
pub use response::ResponseBody;

pub(crate) use request::{AbortedBody, CollectError, Collected, TooLarge};
pub(crate) use response::Bounds;
