//! What every reader of foreign bytes holds to, whatever the bytes: the bodies of the fuzz targets.
//!
//! Each target is a plain function of bytes that returns, or panics where a law is broken. `fuzz/` calls it with what a
//! fuzzer makes up; the test of this crate calls it with every file of `fuzz/seeds` and `fuzz/regressions`.
//!
//! * [`policy()`]: policy and ceiling files.
//! * [`request()`]: a request of a guest, its spelling and the decision on it.
//! * [`splice()`]: references in a document, and values in their places.
//! * [`exec()`]: the request of the exec protocol, and the answer to it.
//! * `component`, `answer`, `artefact` (feature `sandbox`): components, what they answer, and compiled code from a file.
//! * `merge` (the same feature): the agent's own file, and a setting of its environment.
//! * `scrub` (the same feature): a resolved document to look at.
//! * `runner` (the same feature): what the process says in which backends run.
//!
//! `place` and `yaml` are helpers of the first three, `guest` and `engine` of the last three.

#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a broken law is told by a panic"
)]

#[cfg(feature = "sandbox")]
mod answer;
#[cfg(feature = "sandbox")]
mod artefact;
#[cfg(feature = "sandbox")]
mod component;
#[cfg(feature = "sandbox")]
mod engine;
mod exec;
#[cfg(feature = "sandbox")]
mod merge;
mod place;
mod policy;
mod request;
#[cfg(feature = "sandbox")]
mod runner;
#[cfg(feature = "sandbox")]
mod scrub;
mod splice;
mod yaml;

#[cfg(feature = "sandbox")]
pub use answer::answer;
#[cfg(feature = "sandbox")]
pub use artefact::artefact;
#[cfg(feature = "sandbox")]
pub use component::component;
pub use exec::exec;
#[cfg(feature = "sandbox")]
pub use merge::merge;
pub use policy::policy;
pub use request::request;
#[cfg(feature = "sandbox")]
pub use runner::runner;
#[cfg(feature = "sandbox")]
pub use scrub::scrub;
pub use splice::splice;

/// A target: its name, which is also that of its folders and of the fuzzer, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target that this build has.
pub const TARGETS: &[Target] = &[
    #[cfg(feature = "sandbox")]
    ("answer", answer),
    #[cfg(feature = "sandbox")]
    ("artefact", artefact),
    #[cfg(feature = "sandbox")]
    ("component", component),
    ("exec", exec),
    #[cfg(feature = "sandbox")]
    ("merge", merge),
    ("policy", policy),
    ("request", request),
    #[cfg(feature = "sandbox")]
    ("runner", runner),
    #[cfg(feature = "sandbox")]
    ("scrub", scrub),
    ("splice", splice),
];
