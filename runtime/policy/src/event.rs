//! What the runtime reports to the program that embeds it.

use crate::network::AskedRequest;
use crate::{Digest, EscapedText, PolicyId, ProviderName, Reason};

/// Something that happened to a provider. Never carries a secret value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A component was verified, compiled (or found compiled) and linked.
    Loaded {
        /// Who.
        provider: ProviderName,
        /// Digest of the component's bytes.
        digest: Digest,
        /// The policy under which it runs.
        policy: PolicyId,
    },
    /// A decision said no; the guest got a typed error.
    Denied {
        /// Who asked.
        provider: ProviderName,
        /// Why not.
        reason: Reason,
        /// What was asked for: an import, a path, a request without its query.
        target: EscapedText,
        /// What to change where it is meant, where somebody can tell.
        remedy: Option<EscapedText>,
        /// The request, where it was one that could be read.
        asked: Option<AskedRequest>,
    },
    /// The same denials again in one call, which were not reported one by one. Reported when the call ends.
    DeniedAgain {
        /// Who asked.
        provider: ProviderName,
        /// Why not.
        reason: Reason,
        /// How many more.
        count: u64,
    },
    /// A request was allowed and failed. The guest is told the kind of failure alone.
    RequestFailed {
        /// Who asked.
        provider: ProviderName,
        /// Name of the destination.
        destination: String,
        /// The code, where a limit is the cause.
        reason: Option<Reason>,
        /// The request without its query, what went wrong, and what to do where that is known.
        problem: EscapedText,
    },
    /// A limit stopped the call or one of its operations.
    LimitReached {
        /// Who.
        provider: ProviderName,
        /// The code of the limit's effect.
        reason: Reason,
        /// Key of the limit below `limits`.
        limit: &'static str,
    },
    /// One line that the guest wrote.
    GuestLog {
        /// Who wrote it.
        provider: ProviderName,
        /// Where to.
        stream: GuestStream,
        /// The line, without its end.
        line: EscapedText,
    },
    /// Lines over `limits.log_lines` of one call, which were counted and dropped.
    GuestLogDropped {
        /// Who wrote them.
        provider: ProviderName,
        /// How many.
        lines: u64,
    },
}

/// The stream to which a guest wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GuestStream {
    /// Standard output: part of the log, since answers cross the component's own interface.
    Stdout,
    /// Standard error.
    Stderr,
}

impl GuestStream {
    /// `stdout` or `stderr`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

impl Event {
    /// The provider that it happened to.
    pub const fn provider(&self) -> &ProviderName {
        match self {
            Self::Loaded { provider, .. }
            | Self::Denied { provider, .. }
            | Self::DeniedAgain { provider, .. }
            | Self::RequestFailed { provider, .. }
            | Self::LimitReached { provider, .. }
            | Self::GuestLog { provider, .. }
            | Self::GuestLogDropped { provider, .. } => provider,
        }
    }
}

/// Takes events. Called on the path of a call: record and return, never block.
pub trait EventSink: Send + Sync {
    /// Takes one event.
    fn record(&self, event: &Event);
}

/// Drops every event.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEvents;

impl EventSink for NoEvents {
    fn record(&self, _event: &Event) {}
}
