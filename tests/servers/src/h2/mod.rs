//! HTTP/2 by raw frames: what no library would send.
//!
//! * [`frame`]: frames and the little of HPACK that is needed.
//! * [`flood`]: one behaviour that greets a client, waits for its request, and then sends what it likes.

mod flood;
mod frame;

pub use flood::{Act, Flood};
