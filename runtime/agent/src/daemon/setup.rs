//! What an operator configures: providers, and how their values are kept. Read again when the files change.

use std::sync::Arc;

use portcullis::audit::DenialCounts;
use portcullis::{Catalogue, NativeSettings};
use portcullis_policy::EventSink;

use crate::configs::{Places, Stamp};
use crate::runner::Program;

/// One reading of the configuration.
pub struct Setup {
    /// The providers.
    pub catalogue: Catalogue,
    /// Who runs them.
    pub runner: Program,
    /// What its rights are bound to, as it was before it got them: it would not see another folder of the same name.
    pub bound: Places,
    /// Refresh, audit and scope.
    pub native: NativeSettings,
    /// Who is told what happens to providers.
    pub events: Arc<dyn EventSink>,
    /// What they are denied is counted here, by `events`.
    pub denials: Arc<DenialCounts>,
}

/// Where setups come from.
pub trait Setups: Send + Sync + 'static {
    /// Reads the configuration. May block. What cannot be loaded is said by its runner, before it takes anybody's place.
    ///
    /// # Errors
    /// What is wrong with it, and where: then the setup before it stays.
    fn read(&self) -> Result<Setup, Box<dyn std::error::Error + Send + Sync>>;

    /// The state of the files that [`read`](Self::read) reads.
    fn stamp(&self) -> Stamp;
}
