//! Messages on standard error, and the events of providers among them. Never a value, never a credential.

use std::io::IsTerminal as _;

use portcullis::AuditFile;
use portcullis_policy::{Event, EventSink};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;

/// What speaks for us: every crate of ours begins so, and guests' lines have a target of their own.
const OURS: [&str; 2] = ["portcullis", "guest"];

/// Starts logging. On a terminal it also says what takes long; in a pipe only what is wrong.
pub(crate) fn start(verbose: u8) {
    let terminal = std::io::stderr().is_terminal();
    let from_environment = std::env::var("PORTCULLIS_LOG").ok().and_then(|level| level.parse().ok());
    let level = match (verbose, from_environment) {
        (0, Some(level)) => level,
        (0, None) if terminal => LevelFilter::INFO,
        (0, None) => LevelFilter::WARN,
        (1, _) => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    // Of others only what is wrong: what a client or an engine tells of its inside may be a part of a request.
    let ours = OURS.map(|target| (target, level));
    let filter = Targets::new().with_default(level.min(LevelFilter::WARN)).with_targets(ours);
    let subscriber = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(terminal)
        .with_max_level(level)
        .without_time()
        .with_target(level > LevelFilter::INFO)
        .finish()
        .with(filter);
    // A second subscriber could only be an embedding program's, which comes first.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// Writes events to the log, and to the audit file where there is one. Text of guests is escaped when the event is made,
/// and marked as theirs here.
#[derive(Debug)]
pub(crate) struct Events {
    pub(crate) audit: Option<AuditFile>,
}

impl EventSink for Events {
    fn record(&self, event: &Event) {
        if let Some(audit) = &self.audit {
            audit.record(event);
        }
        match event {
            Event::Loaded { provider, digest, policy } => {
                tracing::debug!(%provider, %digest, %policy, "provider loaded");
            }
            Event::Denied { provider, reason, target, remedy: Some(remedy), .. } => {
                tracing::warn!(%provider, %reason, %target, "denied: {remedy}");
            }
            Event::Denied { provider, reason, target, remedy: None, .. } => {
                tracing::warn!(%provider, %reason, %target, "denied");
            }
            Event::DeniedAgain { provider, reason, count } => {
                tracing::warn!(%provider, %reason, count, "denied again, as before");
            }
            Event::RequestFailed { provider, destination, reason: Some(reason), problem } => {
                tracing::warn!(%provider, destination, %reason, %problem, "request failed");
            }
            Event::RequestFailed { provider, destination, reason: None, problem } => {
                tracing::warn!(%provider, destination, %problem, "request failed");
            }
            Event::LimitReached { provider, reason, limit } => {
                tracing::warn!(%provider, %reason, limit = format_args!("limits.{limit}"), "limit reached");
            }
            Event::GuestLog { provider, stream, line } => {
                tracing::info!(target: "guest", %provider, stream = stream.as_str(), %line, "guest wrote");
            }
            Event::GuestLogDropped { provider, lines } => {
                tracing::warn!(%provider, lines, "guest wrote more than `limits.log_lines`: dropped");
            }
            _ => {}
        }
    }
}
