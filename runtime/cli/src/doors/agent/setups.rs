//! The configuration of a daemon, from its files: read at the start, and again when they change.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use portcullis::audit::DenialCounts;
use portcullis::trusted::MAX_CONFIGURATION;
use portcullis::{
    AuditFile, Builtins, Configuration, NativeSettings, Plan, PlannedComponent, Resolver, TrustedFiles,
};
use portcullis_agent::configs::Stamp;
use portcullis_agent::daemon::{Setup, Setups};
use portcullis_sandbox::{ArtefactStore, Compiler};

use super::events::Counted;
use crate::arguments::Common;
use crate::log::Events;

/// The files, and what it takes to put them to work.
pub(super) struct Files {
    config: PathBuf,
    /// Whose settings count.
    datadog: PathBuf,
    ceiling: Option<PathBuf>,
    trusted: TrustedFiles,
    builtins: Builtins,
    compiler: Compiler,
    artefacts: Option<ArtefactStore>,
    events: Arc<Counted>,
    /// Files that the last reading was made from.
    watched: Mutex<Vec<PathBuf>>,
}

impl Files {
    pub(super) fn new(common: &Common, config: PathBuf, datadog: PathBuf) -> anyhow::Result<Self> {
        let audit = common.audit_path();
        let audit = audit.as_deref().map(AuditFile::open).transpose()?;
        let counts = Arc::new(DenialCounts::default());
        let watched = vec![config.clone(), datadog.clone()];
        Ok(Self {
            config,
            datadog,
            ceiling: common.ceiling_path(),
            trusted: common.trusted_files(),
            builtins: common.builtins(),
            compiler: crate::setup::compiler()?,
            artefacts: common.artefacts_or_memory(),
            events: Arc::new(Counted { events: Events { audit }, counts }),
            watched: Mutex::new(watched),
        })
    }

    fn configuration(&self) -> Result<Configuration, Box<dyn Error + Send + Sync>> {
        let text = self.trusted.read(&self.config, MAX_CONFIGURATION)?;
        let folder = self.config.parent().filter(|folder| !folder.as_os_str().is_empty());
        let name = self.config.display().to_string();
        Ok(Configuration::parse_with(&name, &text, folder.unwrap_or(Path::new(".")), variable)?)
    }

    /// The agent's settings.
    fn native(&self) -> Result<NativeSettings, Box<dyn Error + Send + Sync>> {
        let text = self.trusted.read(&self.datadog, MAX_CONFIGURATION)?;
        Ok(NativeSettings::parse(&self.datadog.display().to_string(), &text, variable)?)
    }
}

/// A variable of the agent's environment.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Setups for Files {
    fn read(&self) -> Result<Setup, Box<dyn Error + Send + Sync>> {
        let configuration = self.configuration()?;
        let native = self.native()?;
        let ceiling =
            self.ceiling.as_deref().map(|path| portcullis::config::read_ceiling(&self.trusted, path));
        let plan = Plan::compile(configuration, ceiling.transpose()?.as_ref())?;
        let components = plan.providers().values().filter_map(|provider| match &provider.component {
            PlannedComponent::File(path) => Some(path.clone()),
            PlannedComponent::Builtin(name) => self.builtins.component_file(name),
            _ => None,
        });
        let mut watched = vec![self.config.clone(), self.datadog.clone()];
        watched.extend(self.ceiling.clone());
        watched.extend(components);
        let resolver = Resolver::builder(plan)
            .builtins(self.builtins.clone())
            .compiler(self.compiler.clone())
            .artefacts(self.artefacts.clone())
            .events(Arc::<Counted>::clone(&self.events))
            .trusted_files(self.trusted)
            .build();
        let faults = resolver.load_all();
        *self.watched.lock().unwrap_or_else(PoisonError::into_inner) = watched;
        Ok(Setup { resolver, native, faults, denials: Arc::clone(&self.events.counts) })
    }

    fn stamp(&self) -> Stamp {
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Stamp::of(watched.into_iter())
    }
}
