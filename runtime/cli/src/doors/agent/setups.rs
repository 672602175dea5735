//! The configuration of a daemon, from its files: read at the start, and again when they change.

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use portcullis::audit::DenialCounts;
use portcullis::trusted::MAX_CONFIGURATION;
use portcullis::{AuditFile, Builtins, Catalogue, NativeSettings, Plan, PlannedComponent, TrustedFiles};
use portcullis_agent::configs::{Places, Stamp};
use portcullis_agent::daemon::{Setup, Setups};
use portcullis_agent::runner::Program;

use super::events::Counted;
use super::reading::{Reading, variable};
use crate::arguments::Common;
use crate::doors::runner;
use crate::log::Events;
use crate::wall;

/// The files, and what it takes to put them to work.
pub(super) struct Files {
    config: PathBuf,
    /// Whose settings count.
    datadog: PathBuf,
    ceiling: Option<PathBuf>,
    trusted: TrustedFiles,
    builtins: Builtins,
    /// What makes this program a runner of the same.
    runner: Vec<OsString>,
    has_wall: bool,
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
        let ceiling = common.ceiling_path();
        Ok(Self {
            runner: runner::arguments(common, &config, ceiling.as_deref()),
            config,
            datadog,
            ceiling,
            trusted: common.trusted_files(),
            builtins: common.builtins(),
            has_wall: !common.no_wall,
            events: Arc::new(Counted { events: Events { audit }, counts }),
            watched: Mutex::new(watched),
        })
    }

    /// The agent's settings.
    fn native(&self) -> anyhow::Result<NativeSettings> {
        let text = self.trusted.read(&self.datadog, MAX_CONFIGURATION)?;
        Ok(NativeSettings::parse(&self.datadog.display().to_string(), &text, variable)?)
    }

    /// What a plan is made from.
    fn files(&self, plan: &Plan) -> Vec<PathBuf> {
        let components = plan.providers().values().filter_map(|provider| match &provider.component {
            PlannedComponent::File(path) => Some(path.clone()),
            PlannedComponent::Builtin(name) => self.builtins.component_file(name),
            _ => None,
        });
        let mut files = vec![self.config.clone(), self.datadog.clone()];
        files.extend(self.ceiling.clone());
        files.extend(components);
        files
    }

    /// What the rights of its runner are bound to.
    fn bound(&self, plan: &Plan) -> Places {
        if !self.has_wall {
            return Places::default();
        }
        Places::of(wall::needs(plan).places().map(ToOwned::to_owned))
    }

    fn setup(&self) -> anyhow::Result<Setup> {
        let ceiling = self.ceiling.as_deref();
        let reading = Reading::of(&self.trusted, &self.config, ceiling)?;
        let plan = reading.plan(&self.config, ceiling)?;
        let native = self.native()?;
        let program = Program::this_program(self.runner.iter(), reading.to_bytes()?);
        let program = program.context("cannot tell which program this is, to start it as runner")?;
        *self.watched.lock().unwrap_or_else(PoisonError::into_inner) = self.files(&plan);
        Ok(Setup {
            bound: self.bound(&plan),
            catalogue: Catalogue::new(plan, self.trusted, self.builtins.clone()),
            runner: program.before_start(crate::setup::keep_descriptors),
            native,
            events: Arc::<Counted>::clone(&self.events),
            denials: Arc::clone(&self.events.counts),
        })
    }
}

impl Setups for Files {
    fn read(&self) -> Result<Setup, Box<dyn Error + Send + Sync>> {
        self.setup().map_err(|error| crate::exit::describe(&error).into())
    }

    fn stamp(&self) -> Stamp {
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Stamp::of(watched.into_iter())
    }
}
