//! How many requests are under way at once, for each destination.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::SendError;

/// Places by the name of the destination. A request holds one until its answer has ended.
#[derive(Default)]
pub(super) struct Places(Mutex<HashMap<String, Arc<Semaphore>>>);

impl Places {
    /// Waits for a place.
    pub(super) async fn take(
        &self,
        destination: &str,
        limit: u32,
        patience: Duration,
    ) -> Result<OwnedSemaphorePermit, SendError> {
        let places = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match all.get(destination) {
                Some(places) => Arc::clone(places),
                None => {
                    let new = Arc::new(Semaphore::new(usize::try_from(limit).unwrap_or(usize::MAX)));
                    all.insert(destination.to_owned(), Arc::clone(&new));
                    new
                }
            }
        };
        // Mostly there is one, and nothing to wait for.
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Ok(place);
        }
        let busy = || SendError::Busy { destination: destination.to_owned(), limit };
        tokio::time::timeout(patience, places.acquire_owned()).await.map_err(|_| busy())?.map_err(|_| busy())
    }
}
