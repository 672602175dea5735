//! [`Secrets`](super::Secrets) for hosts without a runtime: the same calls, which wait.

use std::io;
use std::sync::Arc;

use portcullis_secrets::{Answer, BuildError, Change, Origin, RefreshError, Report, ScanError, Subscription};
use thiserror::Error;
use tokio::runtime::Runtime;

use super::{SecretsBuilder, Status};

/// Resolves configurations from any thread. Fetches and refreshes run on threads of its own, two of them, which end with it.
///
/// ```no_run
/// use portcullis::{Configuration, Origin, Plan, Resolver, Secrets, TrustedFiles, blocking};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let configuration = Configuration::read(&TrustedFiles::strict(), "portcullis.yaml".as_ref())?;
/// let resolver = Resolver::builder(Plan::compile(configuration, None)?).build();
/// let secrets = blocking::Secrets::new(Secrets::builder(resolver))?;
/// let answer = secrets.resolve(b"password: ENC[db/password]", &Origin::new("postgres"))?;
/// # drop(answer);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Secrets {
    inner: super::Secrets,
    runtime: Option<Arc<Runtime>>,
}

/// Why there is none.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// No threads.
    #[error("cannot start threads for secrets: {0}")]
    Runtime(#[from] io::Error),
    /// It cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl Secrets {
    /// Starts its threads, and keeps values current from now on.
    ///
    /// # Errors
    ///
    /// Where the system gives no threads.
    pub fn new(builder: SecretsBuilder) -> Result<Self, StartError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("portcullis")
            .enable_all()
            .build()?;
        let inner = builder.runtime(runtime.handle().clone()).build()?;
        let kept = inner.clone();
        // It ends with the runtime. Nobody else can have begun to: `inner` has just been built.
        runtime.spawn(async move { kept.run(std::future::pending()).await });
        Ok(Self { inner, runtime: Some(Arc::new(runtime)) })
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        self.runtime.as_ref().map(|runtime| runtime.block_on(future))
    }

    /// Puts values into a configuration. Must not be called from a task of an asynchronous runtime.
    ///
    /// # Errors
    ///
    /// Where the text cannot be read as YAML or JSON.
    pub fn resolve(&self, text: &[u8], origin: &Origin) -> Result<Answer, ScanError> {
        // The runtime is there until this is dropped.
        self.wait(self.inner.resolve(text, origin)).unwrap_or_else(|| Ok(Answer::unchanged(text)))
    }

    /// Fetches all that may change again, now. Must not be called from a task of an asynchronous runtime.
    ///
    /// # Errors
    ///
    /// As [`Secrets::refresh`](super::Secrets::refresh).
    pub fn refresh(&self) -> Result<Report, RefreshError> {
        self.wait(self.inner.refresh()).unwrap_or_else(|| Ok(Report::default()))
    }

    /// Calls `subscriber` for each place whose value changes, on a thread of this, until the subscription is dropped.
    #[must_use = "dropping the subscription ends it"]
    pub fn subscribe(&self, subscriber: impl Fn(&Change) + Send + Sync + 'static) -> Subscription {
        self.inner.subscribe(subscriber)
    }

    /// What operators are shown.
    #[must_use]
    pub fn status(&self) -> Status {
        self.inner.status()
    }

    /// The asynchronous face of the same.
    #[must_use]
    pub fn asynchronous(&self) -> &super::Secrets {
        &self.inner
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        // Also where this happens within another runtime, in which nothing may wait.
        if let Some(runtime) = self.runtime.take().and_then(Arc::into_inner) {
            runtime.shutdown_background();
        }
    }
}
