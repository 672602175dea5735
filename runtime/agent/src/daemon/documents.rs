//! The configurations that are resolved, as they are in their files. What they resolve to is not kept: that is put together
//! when somebody asks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use portcullis::Origin;

use crate::configs::Config;

/// By the name of the origin.
#[derive(Default)]
pub(super) struct Documents(Mutex<BTreeMap<String, Arc<Config>>>);

impl Documents {
    /// The one with this name.
    pub(super) fn get(&self, origin: &str) -> Option<Arc<Config>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(origin).cloned()
    }

    /// All of them, by name.
    pub(super) fn all(&self) -> Vec<Arc<Config>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Takes these in place of all that were there. Gives those that are new, and the names of those that are gone.
    pub(super) fn replace(&self, configs: Vec<Config>) -> (Vec<Arc<Config>>, Vec<String>) {
        let mut there = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut old = std::mem::take(&mut *there);
        let mut new = Vec::new();
        for config in configs {
            // Its name tells what is in it: the same name is the same text, but for the agent's own file.
            let known = old.remove(&config.origin).filter(|known| known.text == config.text);
            let config = known.unwrap_or_else(|| {
                let config = Arc::new(config);
                new.push(Arc::clone(&config));
                config
            });
            there.insert(config.origin.clone(), config);
        }
        (new, old.into_keys().collect())
    }
}

/// Who asks for the secrets of a configuration.
pub(super) fn origin(config: &Config) -> Origin {
    let shown = (config.name != config.origin).then(|| config.name.as_str().into());
    Origin { display_name: shown, notify: true, ..Origin::new(config.origin.as_str()) }
}
