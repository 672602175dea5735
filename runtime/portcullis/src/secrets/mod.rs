//! Values that stay current, for a host that lives on: [`Secrets`].
//!
//! * `builder`: how to get one. `providers`: who is asked. `current`: how they are replaced while they are.
//! * `status`: what operators are shown. `blocking`: the same for hosts without a runtime of their own.

pub mod blocking;
mod builder;
mod current;
mod providers;
pub mod status;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use portcullis_policy::Explanation;
use portcullis_secrets::{
    AlreadyRunning, Answer, AuditFile, Change, Counts, Group, Live, Origin, RefreshError, Report,
    ResolutionFailure, ScanError, Subscription,
};

pub use builder::SecretsBuilder;
pub use portcullis_secrets::{BreakerState, BuildError};
pub use providers::Providers;
pub use status::Status;

use crate::config::NativeSettings;
use crate::plan::PlannedProvider;
use crate::resolver::Fault;
use current::Current;

/// Resolves configurations, remembers what it has seen, fetches it again, and tells who wants to know. Cheap to clone; clones
/// are the same.
///
/// ```no_run
/// use portcullis::{Builtins, Configuration, Origin, Plan, Resolver, Secrets, TrustedFiles};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let configuration = Configuration::read(&TrustedFiles::strict(), "datadog.yaml".as_ref())?;
/// let plan = Plan::compile(configuration, None)?;
/// let resolver = Resolver::builder(plan).builtins(Builtins::folder("/usr/lib/portcullis")).build();
/// let secrets = Secrets::builder(resolver).build()?;
///
/// let told = secrets.subscribe(|change| println!("{} of {} is another one", change.path(), change.origin()));
/// let answer = secrets.resolve(b"password: ENC[db/password]", &Origin::new("postgres")).await?;
/// assert!(answer.failures.is_empty());
/// println!("{}", secrets.refresh().await?);
/// print!("{}", secrets.status());
/// # drop(told);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Secrets {
    live: Live,
    providers: Arc<Current>,
    /// The agent's, where it is written: settings of it may change.
    audit_file: Option<Arc<AuditFile>>,
}

impl Secrets {
    /// Begins to build one whose values these providers fetch: mostly a [`Resolver`](crate::Resolver).
    pub fn builder(providers: impl Providers) -> SecretsBuilder {
        SecretsBuilder::new(providers)
    }

    /// Puts values into a configuration. Only what is not known yet is fetched; what cannot be resolved keeps its `ENC[…]` and
    /// is among the answer's failures.
    ///
    /// # Errors
    ///
    /// Where the text cannot be read as YAML or JSON.
    pub async fn resolve(&self, text: &[u8], origin: &Origin) -> Result<Answer, ScanError> {
        self.live.resolve(text, origin).await
    }

    /// Fetches all that may change again, now.
    ///
    /// # Errors
    ///
    /// Where something could not be fetched, or not be written to the audit file; what could be is in use all the same.
    pub async fn refresh(&self) -> Result<Report, RefreshError> {
        self.live.refresh_now().await
    }

    /// The files and folders that each provider is granted, by its name: when one changes, so may its values.
    #[must_use]
    pub fn granted_files(&self) -> BTreeMap<String, Vec<PathBuf>> {
        let current = self.providers.get();
        let of = |planned: &PlannedProvider| {
            planned.policy.decide_mounts().iter().map(|mount| mount.host().to_owned()).collect()
        };
        let planned = current.catalogue().providers();
        planned.map(|(name, planned)| (name.to_string(), of(planned))).collect()
    }

    /// The files behind a provider have changed: [`run`](Self::run) fetches its values again soon.
    pub fn touched(&self, provider: &str) {
        self.live.touched(Group::new(provider));
    }

    /// Asks for a refresh because a key was rejected. False where such refreshes are off.
    pub fn request_refresh(&self) -> bool {
        self.live.request_refresh()
    }

    /// Calls `subscriber` for each place whose value changes, until the subscription is dropped. See [`Live::subscribe`].
    #[must_use = "dropping the subscription ends it"]
    pub fn subscribe(&self, subscriber: impl Fn(&Change) + Send + Sync + 'static) -> Subscription {
        self.live.subscribe(subscriber)
    }

    /// Each place whose handle could not be fetched when it was last asked for, and why; sorted.
    #[must_use]
    pub fn failures(&self) -> Vec<ResolutionFailure> {
        self.live.failures()
    }

    /// Calls `callback` with all that cannot be resolved, now and when that changes. See [`Live::on_failures`].
    #[must_use = "dropping the subscription ends it"]
    pub fn on_failures(
        &self,
        callback: impl Fn(&[ResolutionFailure], bool) + Send + Sync + 'static,
    ) -> Subscription {
        self.live.on_failures(callback)
    }

    /// Whether a text is the value of a handle, or was until its last change: then a server that rejects it may accept what a
    /// refresh brings.
    #[must_use]
    pub fn is_value_from_secret(&self, text: &str) -> bool {
        self.live.is_value_from_secret(text)
    }

    /// Says that every configuration that was known at the start was resolved once.
    pub fn complete_initial_resolution(&self) {
        self.live.complete_initial_resolution();
    }

    /// Forgets a configuration.
    pub fn remove_origin(&self, name: &str) {
        self.live.remove_origin(name);
    }

    /// Keeps values current until `shutdown` is done.
    ///
    /// # Errors
    ///
    /// Where that is being done already.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) -> Result<(), AlreadyRunning> {
        self.live.run(shutdown).await
    }

    /// Takes other providers from now on: another configuration. Calls that are under way end under the old one; values stay
    /// until they are fetched again.
    pub fn replace(&self, providers: impl Providers) {
        self.providers.replace(providers);
    }

    /// Takes other settings of refresh, audit and scope from now on. The agent's audit file goes on in their `run_path`, if it
    /// was being written; another sink stays. What a configuration may use is decided when it is resolved again.
    pub fn reconfigure(&self, native: &NativeSettings) {
        if let Some(file) = &self.audit_file {
            file.change(&native.run_path, &native.settings);
        }
        self.live.reconfigure(native.settings.clone());
    }

    /// What operators are shown. Reads the component of each provider, and no value.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::of(&self.live.snapshot(), &*self.providers.get())
    }

    /// The effective policy of each provider.
    #[must_use]
    pub fn explain(&self) -> Vec<Explanation> {
        self.providers.get().catalogue().providers().map(|(_, planned)| planned.policy.explain()).collect()
    }

    /// What metrics count.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.live.counts()
    }

    /// Calls of sandboxes, under way and at most; nothing before the first provider is loaded.
    #[must_use]
    pub fn calls(&self) -> Option<portcullis_sandbox::Calls> {
        self.providers.get().calls()
    }

    /// The last faults of providers as a whole.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.providers.get().faults()
    }
}
