//! The configurations that are resolved, as they are in their files. What they resolve to is not kept: that is put together
//! when somebody asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use portcullis::{Origin, Variables};

use crate::configs::Config;

pub(super) struct Documents {
    /// By the place of the file.
    all: Mutex<BTreeMap<String, Arc<Config>>>,
    /// What the last reading left out: a file or a variable, and why.
    left_out: Mutex<Vec<String>>,
    variables: Variables,
}

/// What another reading of the files brought.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Files that are new, or have another text.
    pub(super) new: Vec<Arc<Config>>,
    /// Names that no file has any more.
    pub(super) gone: BTreeSet<String>,
}

impl Documents {
    pub(super) fn new(variables: Variables) -> Self {
        Self { all: Mutex::default(), left_out: Mutex::default(), variables }
    }

    /// Who asks for the secrets of a configuration. Whoever asks knows the answer: only what changes later is told.
    pub(super) fn origin(&self, config: &Config) -> Origin {
        let display_name = (config.name != config.origin).then(|| config.name.as_str().into());
        Origin { display_name, variables: self.variables.clone(), ..Origin::new(config.origin.as_str()) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Config>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of this name: files with the same text share one.
    pub(super) fn of(&self, origin: &str) -> Vec<Arc<Config>> {
        self.lock().values().filter(|config| config.origin == origin).cloned().collect()
    }

    /// All of them, by place.
    pub(super) fn all(&self) -> Vec<Arc<Config>> {
        self.lock().values().cloned().collect()
    }

    /// What the last reading left out, in its order.
    pub(super) fn left_out(&self) -> Vec<String> {
        self.left_out.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn count(&self) -> usize {
        self.lock().len()
    }

    /// Takes these in place of all that were there.
    pub(super) fn replace(&self, configs: Vec<Config>, left_out: Vec<String>) -> Changes {
        let mut there = self.lock();
        *self.left_out.lock().unwrap_or_else(PoisonError::into_inner) = left_out;
        let old = std::mem::take(&mut *there);
        let mut changes = Changes::default();
        for config in configs {
            let known = old.get(&config.relative).filter(|known| ***known == config).cloned();
            let config = known.unwrap_or_else(|| {
                let config = Arc::new(config);
                changes.new.push(Arc::clone(&config));
                config
            });
            there.insert(config.relative.clone(), config);
        }
        let names = |configs: &BTreeMap<String, Arc<Config>>| {
            configs.values().map(|config| config.origin.clone()).collect::<BTreeSet<_>>()
        };
        changes.gone = names(&old).difference(&names(&there)).cloned().collect();
        changes
    }
}
