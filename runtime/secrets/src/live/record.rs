//! What a refresh leaves in the audit file.

use std::collections::BTreeMap;

use secrecy::ExposeSecret as _;

use crate::audit::{AuditEntry, AuditError, AuditRecord, is_likely_key, mask};
use crate::handle::Handle;

use super::change::Value;
use super::inner::Inner;

impl Inner {
    /// Writes what was fetched to the audit file, on a thread that may block.
    pub(super) async fn record(&self, values: BTreeMap<Handle, Value>) -> Result<(), AuditError> {
        let (Some(sink), Some(runtime)) = (self.audit.clone(), &self.runtime) else { return Ok(()) };
        let entries = {
            let state = self.state();
            let entry = |(handle, value): (Handle, Value)| {
                let places: Vec<_> =
                    state.places.of(&handle).map(|(origin, path)| (origin.clone(), path.clone())).collect();
                let value = value.expose_secret();
                let masked = is_likely_key(value, &places).then(|| mask(value));
                AuditEntry { handle, masked }
            };
            values.into_iter().map(entry).collect()
        };
        let record = AuditRecord { time: self.clock.wall(), entries };
        let written = runtime.spawn_blocking(move || sink.append(&record)).await;
        written.unwrap_or_else(|_| {
            let cause = std::io::Error::other("the writer ended early");
            Err(AuditError { step: "append to", path: "the audit file".into(), cause })
        })
    }
}
