//! What one call has told about its requests: each target once, and how often it came again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use portcullis_egress::SendError;
use portcullis_policy::network::AskedRequest;
use portcullis_policy::{AuthorizedRequest, Denial, EscapedText, Event, EventSink, ProviderName, Reason};

/// Longest text in an event, in bytes.
const TEXT: usize = 512;

/// Most targets that one call reports; what comes after is counted.
const TARGETS: usize = 64;

/// Reports of one call. A guest that asks for the same again fills no log.
pub(crate) struct Told {
    provider: ProviderName,
    events: Arc<dyn EventSink>,
    told: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    targets: BTreeSet<(Option<Reason>, String)>,
    /// Denials that were not reported one by one.
    again: BTreeMap<Reason, u64>,
}

impl Told {
    pub(super) fn new(provider: ProviderName, events: Arc<dyn EventSink>) -> Self {
        Self { provider, events, told: Mutex::default() }
    }

    pub(super) fn denied(&self, denial: &Denial, target: &str, asked: Option<AskedRequest>) {
        let reason = denial.reason();
        // Cut before it is kept: the guest may have written kilobytes.
        let target = EscapedText::new(target, TEXT);
        if self.is_new(Some(reason), target.as_str()) {
            self.events.record(&Event::Denied {
                provider: self.provider.clone(),
                reason,
                target,
                remedy: Some(EscapedText::new(denial.message(), TEXT)),
                asked,
            });
        }
    }

    pub(super) fn failed(&self, request: &AuthorizedRequest, error: &SendError) {
        let text = format!("{request}: {error}");
        if !self.is_new(error.reason(), &text) {
            return;
        }
        self.events.record(&Event::RequestFailed {
            provider: self.provider.clone(),
            destination: request.destination().name().to_owned(),
            reason: error.reason(),
            problem: EscapedText::new(&text, TEXT),
        });
    }

    pub(super) fn limit(&self, reason: Reason, limit: &'static str) {
        if self.is_new(Some(reason), limit) {
            self.events.record(&Event::LimitReached { provider: self.provider.clone(), reason, limit });
        }
    }

    /// At the end of the call: how many denials were like one that has been reported.
    pub(crate) fn finish(&self) {
        let again = std::mem::take(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner).again);
        for (reason, count) in again {
            self.events.record(&Event::DeniedAgain { provider: self.provider.clone(), reason, count });
        }
    }

    fn is_new(&self, reason: Option<Reason>, target: &str) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.targets.len() < TARGETS && told.targets.insert((reason, target.to_owned())) {
            return true;
        }
        if let Some(reason) = reason {
            let count = told.again.entry(reason).or_default();
            *count = count.saturating_add(1);
        }
        false
    }
}
