//! The daemon's numbers, as metrics. No label of them is a handle.

use portcullis::secrets::BreakerState;

use super::Daemon;
use crate::metrics::{Label, Metric, Page};

const BUILD: Metric = Metric::gauge("build_info", "One, with the version of this program.");
const STARTED: Metric =
    Metric::gauge("start_time_seconds", "When the daemon started, in seconds since 1970.");
const READY: Metric = Metric::gauge("ready", "Whether every configuration was resolved once.");
const CONFIGURATIONS: Metric = Metric::gauge("configurations", "Configurations that are resolved.");
const RESOLVE_ERRORS: Metric = Metric::counter(
    "secret_backend_resolve_errors_total",
    "Handles that a fetch brought no value for, by reason.",
);
const FETCHES: Metric =
    Metric::counter("secret_backend_fetches_total", "Fetches of a provider that are over.");
const UNREACHABLE: Metric = Metric::counter(
    "secret_backend_unreachable_total",
    "Fetches of a provider that did not reach its store.",
);
const ELAPSED: Metric =
    Metric::counter("secret_backend_elapsed_seconds_total", "Time that fetches of a provider took together.");
const BREAKER: Metric =
    Metric::gauge("secret_backend_breaker_open", "Whether a provider is left alone for a while.");
const REFRESHES: Metric = Metric::counter("secret_refreshes_total", "Refreshes that had something to do.");
const SIZES: Metric = Metric::gauge("secrets", "Handles and what is known of them, by kind.");
const DENIALS: Metric =
    Metric::counter("denials_total", "What a provider was denied, and limits that it ran into, by reason.");
const CALLS: Metric = Metric::gauge("sandbox_calls", "Calls of sandboxes: under way, and at most.");

/// All of them, as they are now.
pub(super) fn page(daemon: &Daemon) -> Page {
    let mut page = Page::default();
    for metric in [RESOLVE_ERRORS, FETCHES, UNREACHABLE, ELAPSED, BREAKER, REFRESHES, DENIALS] {
        page.announce(metric);
    }
    page.add(BUILD, &[(Label::Version, env!("CARGO_PKG_VERSION"))], true);
    let since = daemon.started.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    page.add(STARTED, &[], since.as_secs_f64());
    page.add(READY, &[], daemon.is_ready());
    page.add(CONFIGURATIONS, &[], daemon.documents.count());

    let counts = daemon.secrets.counts();
    for (reason, count) in &counts.resolve_errors {
        page.add(RESOLVE_ERRORS, &[(Label::Reason, reason.as_str())], *count);
    }
    for (group, fetches) in &counts.fetches {
        let provider = [(Label::Provider, group.as_str())];
        page.add(FETCHES, &provider, fetches.done);
        page.add(UNREACHABLE, &provider, fetches.unreachable);
        page.add(ELAPSED, &provider, fetches.time.as_secs_f64());
    }
    for (group, state) in &counts.breakers {
        let open = !matches!(state, BreakerState::Closed);
        page.add(BREAKER, &[(Label::Provider, group.as_str())], open);
    }
    page.add(REFRESHES, &[(Label::Outcome, "complete")], counts.refreshes_complete);
    page.add(REFRESHES, &[(Label::Outcome, "incomplete")], counts.refreshes_incomplete);
    for (kind, count) in [
        ("handles", counts.handles),
        ("places", counts.places),
        ("cached", counts.cached),
        ("stale", counts.stale),
        ("failing", counts.failing),
        ("in_flight", counts.in_flight),
    ] {
        page.add(SIZES, &[(Label::Kind, kind)], count);
    }
    for ((provider, reason), count) in daemon.denials.snapshot() {
        page.add(DENIALS, &[(Label::Provider, provider.as_str()), (Label::Reason, reason.code())], count);
    }
    if let Some(calls) = daemon.secrets.calls() {
        page.add(CALLS, &[(Label::State, "in_flight")], calls.in_flight);
        page.add(CALLS, &[(Label::State, "limit")], calls.limit);
    }
    page
}
