//! The real drop, in a process for each row: what native code can do afterwards, and what it cannot.
//!
//! The program starts itself again. The child drops its rights, says so, waits for the word that the parent has done
//! what happens meanwhile (a file replaced, say), and then makes its attempt.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are its own"
)]

#[cfg(target_os = "linux")]
mod linux;

fn main() {
    #[cfg(target_os = "linux")]
    linux::main();
}
