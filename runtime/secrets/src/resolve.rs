//! Scan, ask, splice: the whole way in one call.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Debug, Formatter};

use zeroize::Zeroizing;

use crate::answers::check;
use crate::backend::Backend;
use crate::document::{Document, Place};
use crate::failure::Failure;
use crate::handle::Handle;

/// A document with its references resolved as far as the backend could.
pub struct Resolved<'d> {
    /// The text; references that failed keep their `ENC[…]`.
    pub text: Zeroizing<Vec<u8>>,
    /// The handles without a value, in the order of the text.
    pub failures: Vec<HandleFailure<'d>>,
}

/// Shows how long the text is, not what it says.
impl Debug for Resolved<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved").field("bytes", &self.text.len()).field("failures", &self.failures).finish()
    }
}

/// A handle without a value, where it is used, and why.
#[derive(Debug, Clone)]
pub struct HandleFailure<'d> {
    /// The handle.
    pub handle: &'d Handle,
    /// Every place that keeps its `ENC[…]` for it.
    pub places: Vec<Place<'d>>,
    /// Why it has no value.
    pub failure: Failure,
}

/// Asks the backend once for every handle of the document and puts the values in place.
///
/// Each handle is asked for once, however often it is used; a document without handles asks nothing. An empty value
/// is a failure of its handle. An answer is matched by its handle, never by its position; a handle without an answer,
/// or with two, fails, and answers to questions that were not asked are dropped.
pub async fn resolve_document<'d>(document: &'d Document<'_>, backend: &dyn Backend) -> Resolved<'d> {
    let handles = document.handles();
    let mut values = BTreeMap::new();
    let mut failures = BTreeMap::new();
    if !handles.is_empty() {
        let mut outcomes: HashMap<&Handle, _> = check(handles, backend.resolve(handles).await).collect();
        for handle in handles {
            match outcomes.remove(handle) {
                Some(Ok(secret)) => drop(values.insert(handle.clone(), secret.value)),
                Some(Err(fault)) => drop(failures.insert(handle, fault.failure)),
                None => drop(failures.insert(handle, Failure::not_answered(handle))),
            }
        }
    }
    Resolved { text: document.splice(&values), failures: with_places(document, failures) }
}

fn with_places<'d>(
    document: &'d Document<'_>,
    failures: BTreeMap<&'d Handle, Failure>,
) -> Vec<HandleFailure<'d>> {
    if failures.is_empty() {
        return Vec::new();
    }
    let mut places: BTreeMap<&Handle, Vec<Place<'d>>> = BTreeMap::new();
    for place in document.places().filter(|place| failures.contains_key(place.handle())) {
        places.entry(place.handle()).or_default().push(place);
    }
    let mut failures = failures;
    document
        .handles()
        .iter()
        .filter_map(|handle| {
            let failure = failures.remove(handle)?;
            Some(HandleFailure { handle, places: places.remove(handle).unwrap_or_default(), failure })
        })
        .collect()
}
