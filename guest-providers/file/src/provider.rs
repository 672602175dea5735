//! From a store of secrets to a provider.

use std::marker::PhantomData;
use std::time::Duration;

use portcullis_guest::files::{Files, Granted};
use portcullis_guest::{Failure, Provider, Resolution, Secret, settings};

use crate::settings::Settings;

/// A place that holds secrets.
pub trait Store: Sized {
    /// The provider's type, as in the configuration.
    const TYPE: &'static str;

    /// Opens the place that the settings name, for these handles.
    ///
    /// # Errors
    ///
    /// A place that cannot be opened: every handle then fails with that.
    fn open(settings: &Settings, files: &impl Files, handles: &[String]) -> Result<Self, Failure>;

    /// The value of one handle.
    ///
    /// # Errors
    ///
    /// Why it has none.
    fn secret(&self, files: &impl Files, handle: &str) -> Result<String, Failure>;
}

/// Opens a store and asks it for every handle. `settings` is the whole of them as JSON.
pub fn resolve<S: Store>(settings: &str, files: &impl Files, handles: Vec<String>) -> Vec<Resolution> {
    let store = Settings::decode(S::TYPE, settings).and_then(|settings| S::open(&settings, files, &handles));
    handles
        .into_iter()
        .map(|handle| {
            let outcome = match &store {
                Ok(store) => store.secret(files, &handle).map(Secret::new),
                Err(failure) => Err(failure.clone()),
            };
            Resolution { handle, outcome }
        })
        .collect()
}

/// A [`Store`] as a component's export: settings and files are what the host grants.
pub struct FileProvider<S>(PhantomData<S>);

impl<S: Store> Provider for FileProvider<S> {
    fn resolve(handles: Vec<String>, _deadline: Duration) -> Result<Vec<Resolution>, Failure> {
        Ok(resolve::<S>(&settings::json()?, &Granted::new(), handles))
    }
}
