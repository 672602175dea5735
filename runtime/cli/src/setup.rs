//! From the command line to a resolver: which files count, and in which order they are looked for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use portcullis::{
    AuditFile, Builtins, Components, Configuration, Handle, Plan, PlannedComponent, Resolver, TrustedFiles,
};
use portcullis_policy::Ceiling;
use portcullis_sandbox::{ArtefactStore, Compiler, StoreError, Worker};

use crate::arguments::Common;
use crate::log::Events;
use crate::wall;

const DEFAULT_CONFIG: &str = "/etc/portcullis/portcullis.yaml";
const DEFAULT_CEILING: &str = "/etc/portcullis/ceiling.yaml";
const DEFAULT_ARTEFACTS: &str = "/var/cache/portcullis";

/// Calls at once in a one-shot door: one for each provider, and rarely are there more.
const ONE_SHOT_CALLS: u32 = 4;

/// Environment variables that name files.
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

impl Common {
    /// The rule under which files are trusted.
    pub(crate) fn trusted_files(&self) -> TrustedFiles {
        if self.allow_group_write { TrustedFiles::allow_group_write() } else { TrustedFiles::strict() }
    }

    /// The configuration named by --config, $PORTCULLIS_CONFIG, or found at its default place.
    pub(crate) fn configuration(&self, files: &TrustedFiles) -> anyhow::Result<Option<Configuration>> {
        self.configuration_path().map(|path| Ok(Configuration::read(files, &path)?)).transpose()
    }

    /// Where that is.
    pub(crate) fn configuration_path(&self) -> Option<PathBuf> {
        let named = self.config.clone().or_else(|| variable("PORTCULLIS_CONFIG"));
        named.or_else(|| Path::new(DEFAULT_CONFIG).exists().then(|| PathBuf::from(DEFAULT_CONFIG)))
    }

    /// The operator's upper bound. One that is there but cannot be used stops everything.
    pub(crate) fn ceiling(&self, files: &TrustedFiles) -> anyhow::Result<Option<Ceiling>> {
        let read = |path: PathBuf| {
            portcullis::config::read_ceiling(files, &path).context("the ceiling cannot be used")
        };
        self.ceiling_path().map(read).transpose()
    }

    /// Where that is.
    pub(crate) fn ceiling_path(&self) -> Option<PathBuf> {
        // `symlink_metadata`: a dangling link is there, and must not pass for "no ceiling".
        let default = || Path::new(DEFAULT_CEILING).symlink_metadata().is_ok();
        self.ceiling.clone().or_else(|| default().then(|| PathBuf::from(DEFAULT_CEILING)))
    }

    /// Where built-in components come from.
    pub(crate) fn builtins(&self) -> Builtins {
        match self.builtins_folder() {
            Some(folder) => Builtins::folder(folder),
            None => crate::builtins::embedded(),
        }
    }

    /// The folder that stands in for them, where one does.
    pub(crate) fn builtins_folder(&self) -> Option<PathBuf> {
        self.builtins.clone().or_else(|| variable("PORTCULLIS_BUILTINS"))
    }

    /// A resolver that has all that these handles need, in a process that can do little else.
    ///
    /// Components are read and compiled first: those are the last things that are done with all rights. The artefact
    /// folder is opened only where something has to be compiled.
    pub(crate) fn resolver(
        &self,
        plan: Plan,
        files: TrustedFiles,
        handles: &[Handle],
    ) -> anyhow::Result<Resolver> {
        let compiles = self.builtins_folder().is_some()
            || plan.providers().values().any(|p| matches!(p.component, PlannedComponent::File(_)));
        let needs = wall::needs(&plan);
        let audit = self.audit_path().as_deref().map(AuditFile::open).transpose()?;
        let mut builder = Resolver::builder(plan)
            .builtins(self.builtins())
            .calls(ONE_SHOT_CALLS)
            .one_shot()
            .events(Arc::new(Events { audit }))
            .trusted_files(files);
        if compiles {
            builder = builder.compiler(compiler()?).artefacts(self.artefacts_or_memory());
        }
        let resolver = builder.build();
        resolver.prepare(handles);
        self.raise_wall(&needs);
        Ok(resolver)
    }

    /// Where denials are recorded.
    pub(crate) fn audit_path(&self) -> Option<PathBuf> {
        self.audit.clone().or_else(|| variable("PORTCULLIS_AUDIT"))
    }

    /// What compiles ahead of time. Without a folder to put it there is no sense in it.
    pub(crate) fn components(&self, files: TrustedFiles) -> anyhow::Result<(Components, ArtefactStore)> {
        let store = self.artefacts(ArtefactStore::open)?;
        Ok((Components { files, compiler: compiler()?, store: Some(store.clone()) }, store))
    }

    /// The first artefact folder that `open` can use, of those that count.
    pub(crate) fn artefacts(
        &self,
        open: impl Fn(PathBuf) -> Result<ArtefactStore, StoreError>,
    ) -> Result<ArtefactStore, StoreError> {
        let (first, second) = self.artefact_places();
        match (open(first), second) {
            (Err(_), Some(second)) => open(second),
            (opened, _) => opened,
        }
    }

    /// The same; memory alone, with one warning, where there is none.
    pub(crate) fn artefacts_or_memory(&self) -> Option<ArtefactStore> {
        self.artefacts(ArtefactStore::open)
            .inspect_err(|error| {
                tracing::warn!(%error, "compiled components are kept in memory only, and compiled again at every start");
            })
            .ok()
    }

    /// Where an artefact folder is looked for: the place that is named, else the system's and then the user's own.
    pub(crate) fn artefact_places(&self) -> (PathBuf, Option<PathBuf>) {
        if let Some(named) = self.artefacts.clone().or_else(|| variable("PORTCULLIS_ARTEFACTS")) {
            return (named, None);
        }
        let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
        (PathBuf::from(DEFAULT_ARTEFACTS), cache.map(|cache| cache.join("portcullis")))
    }
}

/// This very program, as a worker. It never compiles in the process that holds configuration and values.
pub(crate) fn compiler() -> anyhow::Result<Compiler> {
    let worker = Worker::this_program([crate::doors::worker::MODE]);
    let worker = worker.context("cannot tell which program this is, to start it as compile worker")?;
    Ok(Compiler::Worker(worker.before_start(keep_descriptors)))
}

/// What this process was given beside its three streams is not for the processes that it starts.
pub(crate) fn keep_descriptors() {
    #[cfg(unix)]
    close_fds::set_fds_cloexec(3, &[]);
}
