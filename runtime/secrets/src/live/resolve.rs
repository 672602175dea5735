//! A text with values in it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::scan_error::ScanError;

use super::answer::Answer;
use super::call::Call;
use super::gate::launch;
use super::inner::Inner;
use super::origin::Origin;

pub(super) async fn resolve(inner: &Arc<Inner>, text: &[u8], origin: &Origin) -> Result<Answer, ScanError> {
    let Some(backend) = &inner.backend else { return Ok(Answer::unchanged(text)) };
    let document = inner.scans.scan(text, origin)?;
    if document.handles().is_empty() {
        if origin.whole {
            inner.remove_origin(&origin.name);
        }
        return Ok(Answer::unchanged(text));
    }
    let handles = document.handles();
    let mut call = Call {
        origin,
        handles,
        places: document.places().map(|place| (place.handle(), place.path().into())).collect(),
        values: HashMap::with_capacity(handles.len()),
        failures: HashMap::new(),
        refused: BTreeMap::new(),
        awaited: Vec::new(),
    };
    let mut groups = HashMap::new();
    let (departures, ticket) = loop {
        match call.begin(inner, &groups) {
            Ok(begun) => break begun,
            // With nothing locked: a backend may take its time.
            Err(unknown) => groups.extend(unknown.into_iter().map(|handle| (handle, backend.group(handle)))),
        }
    };
    for flight in departures {
        launch(inner, flight);
    }
    for refused in call.refused.values() {
        tracing::warn!("secret not resolved: {refused}");
    }
    inner.tell();
    inner.outbox.told(ticket).await;
    call.gather(inner).await;

    let text = document.splice_with(|handle| Some(call.values.get(handle)?.as_ref()));
    let refused = handles.iter().filter_map(|handle| call.refused.remove(handle)).collect();
    let (resolved, failures) = call.outcome();
    Ok(Answer { text, resolved, failures, refused })
}
