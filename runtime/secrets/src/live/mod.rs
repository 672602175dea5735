//! The living state: values, where they are used, and what is told of them. [`Live`] is its only door.
//!
//! * `builder`: how to get one; `inner`: what its clones share; `rules`: what the settings come to. `origin`: who asks ([`Origin`]). `resolve`: a text with
//!   values in it, by a `call`; `scans`: texts that were read before; `answer`: what comes of it ([`Answer`]).
//! * `state`: everything known, behind one lock that is never held while a backend runs or a subscriber is called. Its
//!   parts: `places` (which handle is used where), `cache` (values), `failures` (why there is none).
//! * `flight`: one fetch of one group, shared by all who need its handles. `gate`: the calls that fetches go out with.
//!   `landing`: what a call brings, applied.
//! * `subscribers`: who is told; `outbox`: in which order; `change`: what.
//! * `refresh`: fetching again; `record`: what it leaves in the audit file. `run`: at the right times.
//! * `snapshot`: what status shows. `counts`: what metrics count.

mod answer;
mod builder;
mod cache;
mod call;
mod change;
mod counts;
mod failures;
mod flight;
mod gate;
mod inner;
mod landing;
mod origin;
mod outbox;
mod places;
mod record;
mod refresh;
mod resolve;
mod rules;
mod run;
mod scans;
mod snapshot;
mod state;
mod subscribers;

use std::future::Future;
use std::sync::Arc;

pub use answer::{Answer, ResolvedPlace, Unresolved};
pub use builder::{BuildError, LiveBuilder};
pub use change::{Cause, Change};
pub use counts::{Counts, FetchCounts};
pub use failures::ResolutionFailure;
pub use origin::Origin;
pub use run::AlreadyRunning;
pub use snapshot::{LastRefresh, RefreshStatus, Snapshot};
pub use subscribers::Subscription;

use crate::backend::Backend;
use crate::group::Group;
use crate::refresh::{RefreshError, Report};
use crate::scan_error::ScanError;
use crate::settings::Settings;
use inner::Inner;

/// Values that stay current: resolves texts, remembers what it has seen, asks again, and tells who wants to know.
///
/// Cheap to clone; clones are the same. All of it runs on the Tokio runtime that it is built in or with.
///
/// * **Nobody waits for somebody else's backend.** Each [`Group`] of handles is fetched on its own. Whoever needs a handle
///   that is being fetched shares that fetch, and a caller that goes away takes it from nobody.
/// * **Nothing served is lost.** A value that cannot be fetched again stays, and is marked as stale.
/// * **Subscribers are called in the order of the changes**, one at a time, with nothing locked. They may call back.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

impl Live {
    /// Begins to build one that asks this backend.
    pub fn builder(backend: Arc<dyn Backend>) -> LiveBuilder {
        LiveBuilder::new(Some(backend))
    }

    /// Begins to build one without a backend: the feature is off, and every text comes back as it is.
    pub fn off() -> LiveBuilder {
        LiveBuilder::new(None)
    }

    /// Puts values into a text.
    ///
    /// Only what is not yet known is asked for. The places are remembered, so that later changes are told. A handle that
    /// cannot be resolved keeps its `ENC[…]` and is among the answer's failures; one that is out of scope does too, and
    /// is no failure. When this returns, subscribers have been told (but see [`subscribe`](Self::subscribe)).
    ///
    /// # Errors
    /// The text cannot be scanned. Nothing was asked for.
    pub async fn resolve(&self, text: &[u8], origin: &Origin) -> Result<Answer, ScanError> {
        resolve::resolve(&self.inner, text, origin).await
    }

    /// Fetches again whatever is in use and may change, now: also what failed a moment ago or asked to be left alone.
    ///
    /// What comes is applied and told group by group, and written to the audit file at the end. A caller that goes away
    /// does not end it.
    ///
    /// # Errors
    /// Something could not be fetched (its last good value stays), or the audit file could not be written. What could be
    /// done is done, and in the error's report.
    pub async fn refresh_now(&self) -> Result<Report, RefreshError> {
        refresh::spawned(&self.inner, refresh::Selection::All, refresh::Haste::Now).await
    }

    /// Asks for a refresh because a key was rejected: [`run`](Self::run) does it soon, but not more often than
    /// `secret_refresh_on_api_key_failure_interval` allows.
    ///
    /// True if the request was noted, also where an earlier one still waits; false if such refreshes are off.
    pub fn request_refresh(&self) -> bool {
        self.inner.request_refresh()
    }

    /// The files behind a group changed: [`run`](Self::run) fetches its handles again soon. Several calls may become one.
    pub fn touched(&self, group: Group) {
        self.inner.touched(group);
    }

    /// Keeps values current until `shutdown` is done: at the ticks of the schedule, on request, when files were touched
    /// and before values expire. A refresh that is under way at the end is waited for.
    ///
    /// # Errors
    /// It runs already.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), AlreadyRunning> {
        run::run(&self.inner, shutdown).await
    }

    /// Takes other settings from now on, without losing a value. A new interval counts from now, as at a start; ticks of
    /// one that stays are not moved. What a configuration may use is decided when it is resolved again.
    pub fn reconfigure(&self, settings: Settings) {
        self.inner.reconfigure(settings);
    }

    /// Calls `subscriber` for each place whose value changes, until the subscription is dropped.
    ///
    /// Not told what was before. It is called on a thread that may block, one change at a time, so a slow one delays
    /// the others. It may call back, and wait there: what its own calls change is told after it returns, and those calls
    /// do not wait for that. One that panics does not hurt the others.
    #[must_use = "dropping the subscription ends it"]
    pub fn subscribe(&self, subscriber: impl Fn(&Change) + Send + Sync + 'static) -> Subscription {
        self.inner.subscribe(Arc::new(subscriber))
    }

    /// Calls `callback` with everything that cannot be resolved: at once, and whenever that may have changed. The second
    /// argument is whether the initial resolution is complete.
    #[must_use = "dropping the subscription ends it"]
    pub fn on_failures(
        &self,
        callback: impl Fn(&[ResolutionFailure], bool) + Send + Sync + 'static,
    ) -> Subscription {
        self.inner.on_failures(Arc::new(callback))
    }

    /// Whether a text is the value of a handle, or was until its last change: then a server that rejects it may accept
    /// what a refresh brings. Looks at every value.
    #[must_use]
    pub fn is_value_from_secret(&self, text: &str) -> bool {
        self.inner.state().cache.knows(text)
    }

    /// Says that all configurations known at the start were resolved once.
    pub fn complete_initial_resolution(&self) {
        self.inner.complete_initial_resolution();
    }

    /// What cannot be resolved, one entry for each place, sorted.
    #[must_use]
    pub fn failures(&self) -> Vec<ResolutionFailure> {
        self.inner.failures()
    }

    /// Forgets a configuration: its places, its refusals, and the failures of handles that nobody else uses. An unknown
    /// one is fine. Values stay for a while, for a configuration that comes back.
    pub fn remove_origin(&self, name: &str) {
        self.inner.remove_origin(name);
    }

    /// What status shows.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        snapshot::of(&self.inner)
    }

    /// What metrics count. Much cheaper than a [`snapshot`](Self::snapshot).
    #[must_use]
    pub fn counts(&self) -> Counts {
        counts::of(&self.inner)
    }
}

/// Shows how much there is, and no values.
impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("counts", &self.counts()).finish()
    }
}
