//! No value stays in memory: markers are resolved by the real library, dropped, and looked for in every writable page
//! of this process. With the allocator of the command; SECURITY.md says what a host without it gets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking, and its helpers are its own"
)]

#[cfg(target_os = "linux")]
mod marker;
#[cfg(target_os = "linux")]
mod rows;
#[cfg(target_os = "linux")]
mod scan;

#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() {
    #[cfg(target_os = "linux")]
    rows::main();
}
