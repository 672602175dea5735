//! `ENC[handle]` references: found in a configuration text, asked of a backend, and replaced by values.
//!
//! The crate knows nothing of how a value is fetched: whoever can answer a batch of handles implements
//! [`Backend`]. It reads no file and opens no socket.
//!
//! ```text
//! bytes ──Document::scan──▶ Document ──handles──▶ Backend::resolve ──values──▶ Document::splice ──▶ bytes
//! ```
//!
//! * `handle`: what counts as a reference ([`handle_in`]) and the name inside it ([`Handle`]).
//! * `backend`: the question and the answer ([`Backend`], [`Resolution`], [`Secret`]); `failure`: a "no" ([`Failure`]).
//! * `document`: a scanned text ([`Document`]), where its handles are ([`Place`], [`Path`]), and the splice that
//!   changes nothing but the replaced scalars. `yaml` and `json` are its two readers, `quote` is its writer.
//! * `scan_error`: why a text could not be scanned ([`ScanError`]).
//! * `resolve`: all of it in one call ([`resolve_document`]).
//! * `one_line`: foreign text in a message.
//!
//! A secret value is a [`secrecy::SecretString`] or sits in a [`zeroize::Zeroizing`] buffer, always.

#![forbid(unsafe_code)]

mod backend;
mod document;
mod failure;
mod handle;
mod json;
mod one_line;
mod quote;
mod resolve;
mod scan_error;
mod yaml;

pub use backend::{Backend, Resolution, ResolutionFuture, Secret};
pub use document::{Document, Format, Path, Place};
pub use failure::{Failure, FailureKind};
pub use handle::{Handle, handle_in};
pub use resolve::{HandleFailure, Resolved, resolve_document};
pub use scan_error::{ScanError, ScanErrorKind};
