//! What [`Secrets`] needs beside its providers.

use std::path::Path;
use std::sync::Arc;

use portcullis_secrets::{AuditFile, AuditSink, BuildError, Clock, Live, LiveBuilder, Random};

use super::current::Current;
use super::{Providers, Secrets};
use crate::config::NativeSettings;

/// [`Secrets`] in the making.
#[derive(Debug)]
#[must_use]
pub struct SecretsBuilder {
    live: LiveBuilder,
    providers: Arc<Current>,
    audit_file: Option<Arc<AuditFile>>,
}

impl SecretsBuilder {
    pub(super) fn new(providers: impl Providers) -> Self {
        let providers = Arc::new(Current::new(providers));
        let backend: Arc<Current> = Arc::clone(&providers);
        Self { live: Live::builder(backend), providers, audit_file: None }
    }

    /// Refresh and scope as the operator set them, and the agent's audit file in `run_path`. Default: no refresh, no scope, no
    /// file.
    pub fn native(self, native: &NativeSettings) -> Self {
        self.settings(native.settings.clone()).audit_folder(&native.run_path, &native.settings)
    }

    /// The same without a file.
    pub fn settings(self, settings: portcullis_secrets::Settings) -> Self {
        Self { live: self.live.settings(settings), ..self }
    }

    /// The agent's audit file, in this folder. Default: none.
    pub fn audit_folder(self, folder: &Path, settings: &portcullis_secrets::Settings) -> Self {
        let file = Arc::new(AuditFile::new(folder, settings));
        Self { audit_file: Some(Arc::clone(&file)), ..self.audit(file) }
    }

    /// Where changes are recorded. Default: nowhere.
    pub fn audit(self, sink: Arc<dyn AuditSink>) -> Self {
        Self { live: self.live.audit(sink), audit_file: None, ..self }
    }

    /// Where the time comes from. Default: the system's clocks.
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { live: self.live.clock(clock), ..self }
    }

    /// Where chance comes from. Default: the system's.
    pub fn random(self, random: Arc<dyn Random>) -> Self {
        Self { live: self.live.random(random), ..self }
    }

    /// The runtime that fetches run on. Default: the one that [`build`](Self::build) is called in.
    pub fn runtime(self, runtime: tokio::runtime::Handle) -> Self {
        Self { live: self.live.runtime(runtime), ..self }
    }

    /// Builds it. Nothing is loaded or fetched yet.
    ///
    /// # Errors
    ///
    /// Outside of a Tokio runtime, where none is named.
    pub fn build(self) -> Result<Secrets, BuildError> {
        Ok(Secrets { live: self.live.build()?, providers: self.providers, audit_file: self.audit_file })
    }
}
