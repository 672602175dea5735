//! `ENC[handle]` references: found in a configuration text, asked of a backend, and replaced by values.
//!
//! The crate knows nothing of how a value is fetched: whoever can answer a batch of handles implements
//! [`Backend`]. It opens no socket, and no file but that of `audit`.
//!
//! ```text
//! bytes ──Document::scan──▶ Document ──handles──▶ Backend::resolve ──values──▶ Document::splice ──▶ bytes
//! ```
//!
//! That is one text once ([`resolve_document`]). [`Live`] is the same with a memory: values are kept, fetched again, and
//! told to whoever wants to know.
//!
//! * `handle`: what counts as a reference ([`handle_in`]) and the name inside it ([`Handle`]).
//! * `backend`: the question and the answer ([`Backend`], [`Resolution`], [`Secret`]); `failure`: a "no" ([`Failure`]).
//! * `document`: a scanned text ([`Document`]), where its handles are ([`Place`], [`Path`]), and the splice that
//!   changes nothing but the replaced scalars; what template variables stand for ([`Variables`]). `yaml` and `json` are its
//!   two readers, `quote` is its writer.
//! * `scan_error`: why a text could not be scanned ([`ScanError`]).
//! * `resolve`: all of it in one call ([`resolve_document`]). `answers`: answers matched with questions.
//! * `live`: all of it for as long as a host lives ([`Live`]). `group`: what is fetched together ([`Group`]).
//! * `settings`: what operators set ([`Settings`]). `scope`: who may use what on Kubernetes ([`OutOfScope`]).
//! * `refresh`: what is fetched again, and when. `audit`: what changed, on disk ([`AuditFile`]).
//! * `setting_path`: a [`Path`] to keep ([`SettingPath`]). `clock`, `random`: time and chance, as arguments.
//! * `one_line`: foreign text in a message.
//!
//! A secret value is a [`secrecy::SecretString`] or sits in a [`zeroize::Zeroizing`] buffer, always.

#![forbid(unsafe_code)]

mod answers;
mod audit;
mod backend;
mod clock;
mod document;
mod failure;
mod group;
mod handle;
mod json;
mod live;
mod one_line;
mod quote;
mod random;
mod refresh;
mod resolve;
mod scan_error;
mod scope;
mod setting_path;
mod settings;
mod yaml;

pub use answers::Reason;
pub use audit::{
    AuditEntry, AuditError, AuditFile, AuditRecord, AuditSink, LineFile, LineFileOptions, is_likely_key, mask,
};
pub use backend::{Backend, Resolution, ResolutionFuture, Secret};
pub use clock::{Clock, ManualClock, Moment, Sleep, SystemClock};
pub use document::{Document, Format, Path, Place, Variables};
pub use failure::{Failure, FailureKind};
pub use group::Group;
pub use handle::{Handle, handle_in};
pub use live::{
    AlreadyRunning, Answer, BuildError, Cause, Change, Counts, FetchCounts, LastRefresh, Live, LiveBuilder,
    Origin, RefreshStatus, ResolutionFailure, ResolvedPlace, Snapshot, Subscription, Unresolved,
};
pub use random::{Random, SystemRandom};
pub use refresh::{
    Allowlist, BreakerState, FIRST_BACK_OFF, HandleError, LONGEST_BACK_OFF, OPENS_AFTER, RefreshError,
    Reloaded, Report, Schedule,
};
pub use resolve::{HandleFailure, Resolved, resolve_document};
pub use scan_error::{ScanError, ScanErrorKind};
pub use scope::OutOfScope;
pub use setting_path::SettingPath;
pub use settings::{ScopeSettings, Settings};
