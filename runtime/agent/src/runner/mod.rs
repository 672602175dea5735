//! The runner: the process in which backends run, so that the daemon itself executes no guest.
//!
//! The daemon starts its own program in another mode, tells it the configuration, and asks it for batches through pipes. The
//! runner gives up all rights that its plan does not need before it answers (its program does that), so another plan needs
//! another runner: that is started first, and the old one ends when its last batch is answered.
//!
//! * `frame`: bytes with a length before them. `message`: what they say. `event`: what happened to providers, on its way to
//!   the daemon, which alone writes it down.
//! * [`Program`]: how a runner is started. `child`: the process, until it is reaped.
//! * `conversation`: questions and answers of one process. `open`: those that wait. `check`: what an answer must be. `flow`: how
//!   much is heard.
//! * [`Runner`]: the providers of a plan, answered by a process that is replaced when it ends. `backoff`: when.
//! * [`serve`], [`Outlet`]: the runner's own side.
//! * [`Heard`]: what is heard, without a process: for who replays any bytes.
//!
//! What a runner sends is believed no more than a backend is: one that broke its sandbox may speak in its place. Whatever is
//! not an answer to a question ends the process.

mod backend;
mod backoff;
mod check;
mod child;
mod conversation;
mod error;
mod event;
mod flow;
mod frame;
mod heard;
mod message;
mod open;
mod outlet;
mod program;
mod serve;

pub use backend::{Runner, Times};
pub use check::AnswerError;
pub use error::RunnerError;
pub use frame::FrameError;
#[doc(hidden)]
pub use heard::Heard;
pub use outlet::{Outgoing, Outlet};
pub use program::Program;
pub use serve::{begin, serve};
