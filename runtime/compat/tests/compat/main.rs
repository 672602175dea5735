//! The facts of the replaced command, as tables, and the laws behind them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod exec;
mod go;
mod json_syntax;
mod json_write;
mod settings_decode;
mod settings_view;
mod string_map;
