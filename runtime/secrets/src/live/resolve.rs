//! A text with values in it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::document::{Document, Format, Place};
use crate::handle::Handle;
use crate::scan_error::ScanError;

use super::answer::Answer;
use super::call::Call;
use super::flight::launch;
use super::inner::Inner;
use super::origin::Origin;

pub(super) async fn resolve(inner: &Arc<Inner>, text: &[u8], origin: &Origin) -> Result<Answer, ScanError> {
    let unchanged = || Answer { text: text.to_vec().into(), failures: Vec::new(), refused: Vec::new() };
    let Some(backend) = &inner.backend else { return Ok(unchanged()) };
    let document = Document::scan(origin.shown(), text, Format::Detect)?;
    if document.handles().is_empty() {
        return Ok(unchanged());
    }
    // As the text has them, and what is asked for.
    let meant: HashMap<&Handle, Handle> =
        document.handles().iter().map(|handle| (handle, origin.variables.expand(handle))).collect();
    let mut seen = HashSet::with_capacity(meant.len());
    let handles: Vec<Handle> = document
        .handles()
        .iter()
        .filter_map(|handle| meant.get(handle).filter(|handle| seen.insert(*handle)).cloned())
        .collect();

    let unknown: Vec<&Handle> = {
        let state = inner.state();
        handles.iter().filter(|handle| state.cache.get(handle).is_none()).collect()
    };
    let groups = unknown.into_iter().map(|handle| (handle, backend.group(handle))).collect();
    let place = |place: Place<'_>| Some((meant.get(place.handle())?, place.path().into()));
    let mut call = Call {
        origin,
        handles: &handles,
        places: document.places().filter_map(place).collect(),
        values: HashMap::with_capacity(handles.len()),
        failures: HashMap::new(),
        refused: BTreeMap::new(),
        flights: Vec::new(),
    };
    let (departures, ticket) = call.begin(inner, &groups);
    for refused in call.refused.values() {
        tracing::warn!("secret not resolved: {refused}");
    }
    for flight in departures {
        launch(inner, flight);
    }
    inner.tell();
    inner.outbox.told(ticket).await;
    call.gather(inner).await;

    let text = document.splice_with(|handle| call.values.get(meant.get(handle)?).map(AsRef::as_ref));
    let refused = handles.iter().filter_map(|handle| call.refused.remove(handle)).collect();
    Ok(Answer { text, failures: call.unresolved(), refused })
}
