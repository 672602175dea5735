//! One provider, as operators are shown it where an agent shows its executable.

use portcullis_policy::{Explanation, ProviderName};

use crate::catalogue::Catalogue;
use crate::plan::{PlannedComponent, PlannedProvider};
use crate::resolver::Fault;
use crate::trusted::{FileRights, TrustedFiles};

/// A provider, its component and what it may do.
#[derive(Clone, Debug)]
pub struct ProviderStatus {
    /// Its name.
    pub name: ProviderName,
    /// Its backend type, where it is a built-in one.
    pub backend_type: Option<String>,
    /// Where its component comes from.
    pub component: String,
    /// The digest of the component as it is now, also of one that others could have written; nothing where it cannot be read.
    pub digest: Option<String>,
    /// Whether the component's file can be believed.
    pub rights: Rights,
    /// What it may do.
    pub policy: Explanation,
    /// What went wrong with it as a whole, last.
    pub fault: Option<String>,
}

/// Whether nobody else can have written a component.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Rights {
    /// It travels inside the program.
    Carried,
    /// Its file can be believed.
    Trusted(FileRights),
    /// It cannot, or cannot be read; why, and the file's rights where they can be told.
    Refused(String, Result<FileRights, String>),
    /// There is no such backend type.
    Unsupported,
}

impl ProviderStatus {
    pub(super) fn of(
        name: &ProviderName,
        planned: &PlannedProvider,
        catalogue: &Catalogue,
        faults: &[Fault],
    ) -> Self {
        let (files, builtins) = (catalogue.files(), catalogue.builtins());
        let of_file = |path: &std::path::Path| {
            let rights = FileRights::of(path).map_err(|error| error.to_string());
            match (files.component(path).and_then(|file| file.digest()), rights) {
                (Ok(digest), Ok(rights)) => (Some(digest.to_string()), Rights::Trusted(rights)),
                (Ok(digest), Err(error)) => {
                    (Some(digest.to_string()), Rights::Refused(error.clone(), Err(error)))
                }
                (Err(error), rights) => {
                    (TrustedFiles::shown_digest(path).ok(), Rights::Refused(error.to_string(), rights))
                }
            }
        };
        let (backend_type, component, (digest, rights)) = match &planned.component {
            PlannedComponent::File(path) => (None, path.display().to_string(), of_file(path)),
            PlannedComponent::Builtin(name) => match builtins.component_file(name) {
                Some(path) => (Some(name), path.display().to_string(), of_file(&path)),
                None => {
                    let carried = builtins.carried();
                    let digest = carried.into_iter().find(|(known, ..)| *known == name.as_str());
                    let digest = digest.map(|(_, digest, _)| digest.to_string());
                    (Some(name), format!("built-in {name}"), (digest, Rights::Carried))
                }
            },
            PlannedComponent::Unsupported(name) => {
                (Some(name), format!("none: there is no backend type {name:?}"), (None, Rights::Unsupported))
            }
        };
        let fault = faults.iter().rfind(|fault| fault.provider == *name);
        Self {
            name: name.clone(),
            backend_type: backend_type.cloned(),
            component,
            digest,
            rights,
            policy: planned.policy.explain(),
            fault: fault.map(|fault| fault.message.clone()),
        }
    }
}
