//! Events of providers, for a process that lives on: to the log, to the audit file, and counted.

use std::sync::Arc;

use portcullis::audit::DenialCounts;
use portcullis_policy::{Event, EventSink};

use crate::log::Events;

#[derive(Debug)]
pub(super) struct Counted {
    pub(super) events: Events,
    pub(super) counts: Arc<DenialCounts>,
}

impl EventSink for Counted {
    fn record(&self, event: &Event) {
        self.counts.record(event);
        self.events.record(event);
    }
}
