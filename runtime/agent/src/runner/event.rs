//! Events of providers, on their way to the daemon: there they are logged, written down and counted as if they had happened in
//! it, by the one writer of the audit file.

use portcullis::Catalogue;
use portcullis_policy::network::AskedRequest;
use portcullis_policy::{Digest, EscapedText, Event, GuestStream, LimitOverrides, ProviderName, Reason};
use serde::{Deserialize, Serialize};

/// Longest text of an event that is taken, in bytes: the longest of ours is a request of 8 KiB with what is said about it.
const MAX_TEXT: usize = 32 << 10;

/// Most parts of a request that are taken: keys of its query, or names of headers.
const MAX_PARTS: usize = 256;

/// An event as a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Happened {
    Loaded {
        provider: String,
        digest: String,
    },
    Denied {
        provider: String,
        reason: String,
        target: String,
        remedy: Option<String>,
        asked: Option<AskedRequest>,
    },
    DeniedAgain {
        provider: String,
        reason: String,
        count: u64,
    },
    RequestFailed {
        provider: String,
        destination: String,
        reason: Option<String>,
        problem: String,
    },
    LimitReached {
        provider: String,
        reason: String,
        limit: String,
    },
    GuestLog {
        provider: String,
        stderr: bool,
        line: String,
    },
    GuestLogDropped {
        provider: String,
        lines: u64,
    },
}

impl Happened {
    /// Nothing for events that this version does not know.
    pub(super) fn of(event: &Event) -> Option<Self> {
        let provider = event.provider().to_string();
        let code = |reason: &Reason| reason.code().to_owned();
        let text = |text: &EscapedText| text.as_str().to_owned();
        Some(match event {
            Event::Loaded { digest, .. } => Self::Loaded { provider, digest: digest.to_string() },
            Event::Denied { reason, target, remedy, asked, .. } => Self::Denied {
                provider,
                reason: code(reason),
                target: text(target),
                remedy: remedy.as_ref().map(text),
                asked: asked.clone(),
            },
            Event::DeniedAgain { reason, count, .. } => {
                Self::DeniedAgain { provider, reason: code(reason), count: *count }
            }
            Event::RequestFailed { destination, reason, problem, .. } => Self::RequestFailed {
                provider,
                destination: destination.clone(),
                reason: reason.as_ref().map(code),
                problem: text(problem),
            },
            Event::LimitReached { reason, limit, .. } => {
                Self::LimitReached { provider, reason: code(reason), limit: (*limit).to_owned() }
            }
            Event::GuestLog { stream, line, .. } => {
                Self::GuestLog { provider, stderr: *stream == GuestStream::Stderr, line: text(line) }
            }
            Event::GuestLogDropped { lines, .. } => Self::GuestLogDropped { provider, lines: *lines },
            _ => return None,
        })
    }

    /// The event, where it can be one of these providers. Its texts are harmless, whatever was sent.
    pub(super) fn event(self, catalogue: &Catalogue) -> Option<Event> {
        Some(match self {
            Self::Loaded { provider, digest } => {
                let (provider, planned) = catalogue.provider(&provider)?;
                let digest: Digest = digest.parse().ok()?;
                Event::Loaded { provider: provider.clone(), digest, policy: planned.policy.id() }
            }
            Self::Denied { provider, reason, target, remedy, asked } => Event::Denied {
                provider: named(catalogue, &provider)?,
                reason: known(&reason)?,
                target: escaped(&target),
                remedy: remedy.as_deref().map(escaped),
                asked: asked.filter(is_plain),
            },
            Self::DeniedAgain { provider, reason, count } => {
                Event::DeniedAgain { provider: named(catalogue, &provider)?, reason: known(&reason)?, count }
            }
            Self::RequestFailed { provider, destination, reason, problem } => Event::RequestFailed {
                provider: named(catalogue, &provider)?,
                destination: escaped(&destination).to_string(),
                reason: reason.map(|code| known(&code).ok_or(())).transpose().ok()?,
                problem: escaped(&problem),
            },
            Self::LimitReached { provider, reason, limit } => Event::LimitReached {
                provider: named(catalogue, &provider)?,
                reason: known(&reason)?,
                limit: LimitOverrides::KEYS.iter().find(|key| **key == limit)?,
            },
            Self::GuestLog { provider, stderr, line } => Event::GuestLog {
                provider: named(catalogue, &provider)?,
                stream: if stderr { GuestStream::Stderr } else { GuestStream::Stdout },
                line: escaped(&line),
            },
            Self::GuestLogDropped { provider, lines } => {
                Event::GuestLogDropped { provider: named(catalogue, &provider)?, lines }
            }
        })
    }
}

fn named(catalogue: &Catalogue, name: &str) -> Option<ProviderName> {
    catalogue.provider(name).map(|(name, _)| name.clone())
}

fn known(code: &str) -> Option<Reason> {
    Reason::ALL.iter().copied().find(|reason| reason.code() == code)
}

fn escaped(text: &str) -> EscapedText {
    EscapedText::received(text, MAX_TEXT)
}

/// Whether a request has a size and characters that a record can have. A guest that asks for others is denied all the same, and
/// its target is told; so this is no reason to end a runner.
fn is_plain(asked: &AskedRequest) -> bool {
    let parts = || asked.query.iter().chain(&asked.headers).chain([&asked.method, &asked.url]);
    let plain = |part: &String| part.len() <= MAX_TEXT && escaped(part).as_str() == part.as_str();
    parts().count() <= MAX_PARTS && parts().all(plain)
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
