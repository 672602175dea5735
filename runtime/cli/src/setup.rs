//! From the command line to a resolver: which files count, and in which order they are looked for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use portcullis::{Builtins, Configuration, Plan, PlannedComponent, Resolver, TrustedFiles};
use portcullis_policy::Ceiling;
use portcullis_sandbox::ArtefactStore;

use crate::arguments::Common;
use crate::log::LoggedEvents;
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

    /// A resolver for a plan. The artefact folder is opened only where something has to be compiled.
    ///
    /// The last thing that is done with all rights: from here on the process can do what the plan needs.
    pub(crate) fn resolver(&self, plan: Plan, files: TrustedFiles) -> Resolver {
        let compiles = self.builtins_folder().is_some()
            || plan.providers().values().any(|p| matches!(p.component, PlannedComponent::File(_)));
        let artefacts = if compiles { self.artefacts() } else { None };
        let needs = wall::needs(&plan, self.builtins_folder().as_deref(), artefacts.as_ref());
        self.raise_wall(&needs);
        Resolver::builder(plan)
            .artefacts(artefacts)
            .builtins(self.builtins())
            .calls(ONE_SHOT_CALLS)
            .one_shot()
            .events(Arc::new(LoggedEvents))
            .trusted_files(files)
            .build()
    }

    /// The first artefact folder that can be used; memory alone, with one warning, where none can.
    fn artefacts(&self) -> Option<ArtefactStore> {
        let mut last = None;
        for folder in self.artefact_places() {
            match ArtefactStore::open(folder) {
                Ok(store) => return Some(store),
                Err(error) => last = Some(error),
            }
        }
        if let Some(error) = last {
            tracing::warn!(%error, "compiled components are kept in memory only, and compiled again at every start");
        }
        None
    }

    /// Where an artefact folder is looked for, in this order.
    pub(crate) fn artefact_places(&self) -> Vec<PathBuf> {
        if let Some(named) = self.artefacts.clone().or_else(|| variable("PORTCULLIS_ARTEFACTS")) {
            return vec![named];
        }
        let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
        let mut places = vec![PathBuf::from(DEFAULT_ARTEFACTS)];
        places.extend(cache.map(|cache| cache.join("portcullis")));
        places
    }
}
