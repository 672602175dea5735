//! What operators are shown: providers with their components and rights, handles and where they are used, and what could not
//! be resolved. Never a value.

mod json;
mod provider;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

use portcullis_secrets::{Handle, RefreshStatus, SettingPath, Snapshot};

pub use provider::{ProviderStatus, Rights};

use super::Providers;

/// What is said where there is no provider, in the agent's words: programs compare them.
const NO_PROVIDER: &str = "No secret_backend_command set: secrets feature is not enabled";

/// Everything at one moment. `Display` is the text that operators know; [`to_json`](Self::to_json) has the agent's keys.
#[derive(Clone, Debug)]
pub struct Status {
    /// The providers, by name.
    pub providers: Vec<ProviderStatus>,
    /// Every handle in use, with the name of each configuration and the setting.
    pub handles: BTreeMap<Handle, Vec<(Arc<str>, SettingPath)>>,
    /// What could not be resolved, one line each.
    pub unresolved: BTreeSet<String>,
    /// Handles whose value could not be fetched again, and since when: the last good one is in use.
    pub stale: BTreeMap<Handle, SystemTime>,
    /// When values are fetched again.
    pub refresh: RefreshStatus,
}

impl Status {
    pub(super) fn of(snapshot: &Snapshot, providers: &dyn Providers) -> Self {
        let (catalogue, faults) = (providers.catalogue(), providers.faults());
        let providers = catalogue
            .providers()
            .map(|(name, planned)| ProviderStatus::of(name, planned, catalogue, &faults));
        Self {
            providers: providers.collect(),
            handles: snapshot.handles.clone(),
            unresolved: snapshot.unresolved.clone(),
            stale: snapshot.stale.clone(),
            refresh: snapshot.refresh,
        }
    }
}

/// A time as Go writes one: `1h0m0s`, `15s`, `1.5s`, `250ms`.
fn go_duration(duration: std::time::Duration) -> String {
    let nanos = duration.as_nanos();
    let (hours, minutes) = (duration.as_secs() / 3600, duration.as_secs() / 60 % 60);
    let fraction = |whole: u128, unit: u128| {
        let text = format!("{whole}.{:0width$}", nanos % unit, width = unit.ilog10() as usize);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanos}ns"),
        1_000..1_000_000 => format!("{}µs", fraction(nanos / 1_000, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", fraction(nanos / 1_000_000, 1_000_000)),
        _ => {
            let seconds = fraction(u128::from(duration.as_secs() % 60), 1_000_000_000);
            match (hours, minutes) {
                (0, 0) => format!("{seconds}s"),
                (0, minutes) => format!("{minutes}m{seconds}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::go_duration;

    #[test]
    fn times_are_written_as_go_writes_them() {
        for (duration, text) in [
            (Duration::ZERO, "0s"),
            (Duration::from_nanos(7), "7ns"),
            (Duration::from_micros(1500), "1.5ms"),
            (Duration::from_nanos(1_500), "1.5µs"),
            (Duration::from_millis(250), "250ms"),
            (Duration::from_secs(15), "15s"),
            (Duration::from_millis(6_480), "6.48s"),
            (Duration::from_secs(90), "1m30s"),
            (Duration::from_secs(3600), "1h0m0s"),
            (Duration::from_millis(3_660_010), "1h1m0.01s"),
        ] {
            assert_eq!(go_duration(duration), text);
        }
    }
}
