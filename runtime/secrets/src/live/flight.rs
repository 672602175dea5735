//! One fetch of handles of one group: shared by all who wait for one of them, owned by none.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::failure::Failure;
use crate::group::Group;
use crate::handle::Handle;

use super::change::Value;

/// Why a fetch goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Resolve,
    Refresh,
}

/// A fetch.
pub(super) struct Flight {
    pub(super) group: Group,
    pub(super) handles: Vec<Handle>,
    pub(super) purpose: Purpose,
    landed: watch::Sender<Option<Arc<Landed>>>,
}

/// What a fetch brought, once it is applied.
pub(super) struct Landed {
    pub(super) outcomes: HashMap<Handle, Outcome>,
    /// Until when subscribers must have been called for all of it to be told.
    pub(super) ticket: u64,
}

/// What came of one handle.
pub(super) struct Outcome {
    pub(super) result: Result<Value, Failure>,
    pub(super) changed: bool,
}

impl Flight {
    pub(super) fn new(group: Group, handles: Vec<Handle>, purpose: Purpose) -> Arc<Self> {
        Arc::new(Self { group, handles, purpose, landed: watch::Sender::new(None) })
    }

    /// Waits for what it brings.
    pub(super) async fn landed(&self) -> Option<Arc<Landed>> {
        // The sender is in `self`: the wait ends by what it waits for.
        self.landed.subscribe().wait_for(Option::is_some).await.ok()?.clone()
    }

    pub(super) fn land(&self, landed: Landed) {
        self.landed.send_replace(Some(Arc::new(landed)));
    }
}
