//! The second wall around the one-shot doors: what the plan needs, and the drop of everything else.

use std::path::Path;

use portcullis::{Plan, PlannedComponent, PlannedProvider};
use portcullis_policy::FileAccess;
use portcullis_sandbox::ArtefactStore;
use portcullis_wall::{Needs, Report};

use crate::arguments::Common;

/// What a plan needs to be put to work: component files, artefacts, and what its policies grant.
///
/// No network, because no provider has one yet. When one does, its grants are named here.
pub(crate) fn needs(plan: &Plan, builtins: Option<&Path>, artefacts: Option<&ArtefactStore>) -> Needs {
    let mut needs = Needs::new();
    if let Some(folder) = builtins {
        needs = readable(needs.read(folder), folder);
    }
    if let Some(store) = artefacts {
        needs = needs.write(store.folder());
    }
    plan.providers().values().fold(needs, provider)
}

fn provider(mut needs: Needs, provider: &PlannedProvider) -> Needs {
    if let PlannedComponent::File(path) = &provider.component {
        needs = readable(needs.read_file(path), path);
    }
    let mounts = provider.policy.decide_mounts();
    // A file of the host behind each handle of the guest, and the read-ahead of its streams; a folder for each grant.
    let handles = u64::from(provider.policy.limits().handles.value());
    needs = needs.descriptors(handles.saturating_mul(2).saturating_add(mounts.len() as u64));
    for mount in mounts {
        let host = mount.host();
        needs = match (mount.access(), host.is_dir()) {
            (FileAccess::Read, true) => needs.read(host),
            (FileAccess::Read, false) => needs.read_file(host),
            (FileAccess::Write, true) => needs.write(host),
            (FileAccess::Write, false) => needs.write_file(host),
        };
    }
    needs
}

/// Component files are read where their links lead.
fn readable(needs: Needs, path: &Path) -> Needs {
    match path.canonicalize() {
        Ok(real) => needs.read_file(real),
        Err(_) => needs,
    }
}

impl Common {
    /// Gives up everything but `needs`, and logs what holds. Nothing is given up with `--no-wall`.
    pub(crate) fn raise_wall(&self, needs: &Needs) {
        if self.no_wall {
            tracing::warn!("no second wall (--no-wall): only the sandbox keeps backends in");
            return;
        }
        log(&portcullis_wall::drop_rights(needs));
    }
}

/// One line. A layer that this system lacks is no news at every start; `portcullis doctor` tells it.
fn log(report: &Report) {
    if report.is_refused() {
        tracing::warn!(%report, "the second wall is not whole; see `portcullis doctor`");
    } else {
        tracing::debug!(%report, "second wall");
    }
}
