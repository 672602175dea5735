//! What an operator configures: providers, and how their values are kept. Read again when the files change.

use std::sync::Arc;

use portcullis::audit::DenialCounts;
use portcullis::{Fault, NativeSettings, Resolver};

use crate::configs::Stamp;

/// One reading of the configuration.
#[derive(Debug)]
pub struct Setup {
    /// The providers, with their components ready: what cannot be loaded is told before it takes anybody's place.
    pub resolver: Resolver,
    /// Refresh, audit and scope.
    pub native: NativeSettings,
    /// The providers that cannot be loaded, and why.
    pub faults: Vec<Fault>,
    /// What its providers are denied is counted here.
    pub denials: Arc<DenialCounts>,
}

/// Where setups come from.
pub trait Setups: Send + Sync + 'static {
    /// Reads the configuration and gets its providers ready. May block: components are compiled.
    ///
    /// # Errors
    /// What is wrong with it, and where: then the setup before it stays.
    fn read(&self) -> Result<Setup, Box<dyn std::error::Error + Send + Sync>>;

    /// The state of the files that [`read`](Self::read) reads.
    fn stamp(&self) -> Stamp;
}
