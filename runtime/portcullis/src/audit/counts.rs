//! How often each provider was refused, by reason: for metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use portcullis_policy::{Event, EventSink, ProviderName, Reason};

/// Counts denials, limits and failed requests by provider and reason. Give it to a resolver, or call it from a sink of your
/// own.
///
/// ```
/// use portcullis::audit::DenialCounts;
/// use portcullis_policy::{Event, EventSink, ProviderName, Reason};
/// let counts = DenialCounts::default();
/// let provider = ProviderName::new("vault")?;
/// counts.record(&Event::DeniedAgain { provider: provider.clone(), reason: Reason::NetPath, count: 3 });
/// assert_eq!(counts.snapshot().get(&(provider, Reason::NetPath)), Some(&3));
/// # Ok::<(), portcullis_policy::ProviderNameError>(())
/// ```
#[derive(Debug, Default)]
pub struct DenialCounts(Mutex<BTreeMap<(ProviderName, Reason), u64>>);

impl DenialCounts {
    /// The counts so far. They only grow.
    #[must_use]
    pub fn snapshot(&self) -> BTreeMap<(ProviderName, Reason), u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl EventSink for DenialCounts {
    fn record(&self, event: &Event) {
        let (reason, more) = match event {
            Event::Denied { reason, .. } | Event::LimitReached { reason, .. } => (*reason, 1),
            Event::DeniedAgain { reason, count, .. } => (*reason, *count),
            Event::RequestFailed { reason: Some(reason), .. } => (*reason, 1),
            _ => return,
        };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((event.provider().clone(), reason)).or_default();
        *count = count.saturating_add(more);
    }
}

#[cfg(test)]
mod tests {
    use portcullis_policy::EscapedText;

    use super::*;

    #[test]
    fn each_reason_is_counted_for_each_provider() {
        let name = |text| ProviderName::new(text).unwrap();
        let denied = |provider, reason| Event::Denied {
            provider,
            reason,
            target: EscapedText::new("GET https://a.example/", 64),
            remedy: None,
            asked: None,
        };
        let counts = DenialCounts::default();
        for event in [
            denied(name("a"), Reason::NetPath),
            Event::DeniedAgain { provider: name("a"), reason: Reason::NetPath, count: 4 },
            denied(name("b"), Reason::NetPath),
            Event::LimitReached { provider: name("b"), reason: Reason::NetLimitRequests, limit: "requests" },
            Event::GuestLogDropped { provider: name("b"), lines: 7 },
        ] {
            counts.record(&event);
        }
        let expected = [
            ((name("a"), Reason::NetPath), 5),
            ((name("b"), Reason::NetPath), 1),
            ((name("b"), Reason::NetLimitRequests), 1),
        ];
        assert_eq!(counts.snapshot(), BTreeMap::from(expected));
    }
}
