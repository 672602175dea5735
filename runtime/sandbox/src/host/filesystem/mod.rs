//! `wasi:filesystem`, as policy allows it: granted folders and single files, regular files only, budgets for a call.
//!
//! * [`mount`]: what is granted is opened anew for each batch.
//! * [`descriptor`]: folders, files, and portals, which show single granted files.
//! * [`beneath`]: opening by path, never outside a grant.
//! * [`operations`]: reading and the questions about files; [`mutations`]: what only a write grant allows.
//! * [`budget`], [`stream`], [`stat`], [`refusal`], [`system`]: what the others need.
//!
//! Every operation that touches the disk runs on the blocking pool, so that a file system which hangs holds a thread
//! and not the runtime; the wall limit then ends the call without it.

mod beneath;
pub(crate) mod bindings;
mod budget;
mod descriptor;
mod mount;
mod mutations;
mod operations;
mod refusal;
mod stat;
mod stream;
mod system;
#[cfg(all(test, unix))]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use portcullis_policy::{EscapedText, Event, EventSink, Limits, ProviderName, Reason};
use wasmtime::component::{HasData, ResourceTable};

use bindings::wasi::filesystem::types::ErrorCode;
use budget::Budget;
#[expect(
    unreachable_pub,
    reason = "the generated bindings re-export these, and may only re-export what is public"
)]
pub use descriptor::{Descriptor, Listing};
pub(crate) use mount::Mounts;
#[expect(unreachable_pub, reason = "the generated bindings name it in public traits")]
pub use refusal::Refusal;

/// Different denials that are reported for one call. More are refused all the same.
const REPORTED_DENIALS: usize = 64;

/// Longest path in a report, in bytes.
const REPORTED_PATH: usize = 1024;

/// The file system of one call.
pub(crate) struct Files {
    mounts: Mounts,
    budget: Arc<Budget>,
    provider: ProviderName,
    events: Arc<dyn EventSink>,
    reported: BTreeSet<(&'static str, String)>,
}

impl Files {
    /// What is opened for this call, and what it may take from it.
    pub(crate) fn new(
        mounts: Mounts,
        limits: &Limits,
        provider: ProviderName,
        events: Arc<dyn EventSink>,
    ) -> Self {
        Self { mounts, budget: Arc::new(Budget::new(limits)), provider, events, reported: BTreeSet::new() }
    }

    /// Waits until nothing is being opened.
    pub(crate) async fn settle(&mut self) {
        self.mounts.preopens().await;
    }

    /// Reports a denial, once for each target.
    fn report(&mut self, reason: Reason, target: &str) {
        // Cut before it is kept: the guest may have named megabytes.
        let target = EscapedText::new(target, REPORTED_PATH);
        let key = (reason.code(), target.as_str().to_owned());
        if self.reported.len() < REPORTED_DENIALS && self.reported.insert(key) {
            let provider = self.provider.clone();
            self.events.record(&Event::Denied { provider, reason, target, remedy: None, asked: None });
        }
    }
}

/// Selects the file system and the table out of a store's data.
pub(crate) struct HasFiles;

impl HasData for HasFiles {
    type Data<'a> = FilesView<'a>;
}

/// What the generated traits are implemented on.
pub(crate) struct FilesView<'a> {
    pub(crate) files: &'a mut Files,
    pub(crate) table: &'a mut ResourceTable,
}

impl FilesView<'_> {
    /// Passes an outcome on, and reports it where policy refused.
    fn reported<T>(&mut self, target: &str, outcome: Result<T, Refusal>) -> Result<T, Refusal> {
        if let Err(Some(reason)) = outcome.as_ref().map_err(Refusal::reason) {
            self.files.report(reason, target);
        }
        outcome
    }
}

/// Runs an operation on the blocking pool.
async fn blocking<T: Send + 'static>(
    operation: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(operation).await {
        Ok(outcome) => outcome,
        // The pool is shutting down, or the operation panicked: no answer will come.
        Err(_) => Err(Refusal::failed(ErrorCode::Io)),
    }
}
