//! The second wall around the one-shot doors: what the plan needs, and the drop of everything else.

use std::path::Path;

use portcullis::{Plan, PlannedProvider};
use portcullis_policy::FileAccess;
use portcullis_policy::network::{Destination, HostNames, Via};
use portcullis_wall::{Needs, Report};

use crate::arguments::Common;

/// What a plan needs to be put to work, once its components are compiled and in memory, and certificates and keys read:
/// what its policies grant.
pub(crate) fn needs(plan: &Plan) -> Needs {
    plan.providers().values().fold(Needs::new(), provider)
}

fn provider(mut needs: Needs, provider: &PlannedProvider) -> Needs {
    let mounts = provider.policy.decide_mounts();
    // What the guest may hold open, as much again for what is opened on the way there; a folder and a file for each grant.
    let open = u64::from(provider.policy.limits().open_files.value()).saturating_add(mounts.len() as u64);
    needs = needs.descriptors(open.saturating_mul(2));
    for mount in mounts {
        let host = mount.host();
        needs = match (mount.access(), host.is_dir()) {
            (FileAccess::Read, true) => needs.read(host),
            (FileAccess::Read, false) => needs.read_file(host),
            (FileAccess::Write, true) => needs.write(host),
            (FileAccess::Write, false) => needs.write_file(host),
        };
    }
    provider.policy.destinations().iter().fold(needs, |needs, at| destination(needs, at))
}

/// Descriptors of one request that is under way: its connection, and the lookup before it.
const REQUEST_DESCRIPTORS: u64 = 4;

fn destination(mut needs: Needs, destination: &Destination) -> Needs {
    needs = needs.descriptors(u64::from(destination.limits().concurrent).saturating_mul(REQUEST_DESCRIPTORS));
    needs = match destination.via() {
        Via::Host => needs.connect(destination.origin().port()).resolve_names(),
        Via::Proxy(proxy) => needs.connect(proxy.port()).resolve_names(),
        Via::Socket(path) => needs.read_file(path).sockets(),
    };
    let Some(credential) = destination.credential() else { return needs };
    let needs = credential.files().into_iter().fold(needs, Needs::read_file);
    let needs = credential.ports().into_iter().fold(needs, Needs::connect);
    named_by_host(needs, &credential.host_names())
}

/// What variables of this process name.
fn named_by_host(mut needs: Needs, names: &HostNames) -> Needs {
    let variable = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    needs = names.files.iter().filter_map(variable).fold(needs, Needs::read_file);
    if let Some(home) = std::env::var_os("HOME") {
        let below = |path: &&str| Path::new(&home).join(path);
        needs = names.home.iter().map(below).fold(needs, Needs::read_file);
    }
    let port = |url: String| url::Url::parse(&url).ok()?.port_or_known_default();
    names.urls.iter().filter_map(variable).filter_map(port).fold(needs, Needs::connect)
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
