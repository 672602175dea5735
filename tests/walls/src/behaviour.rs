//! A row: what a guest tries, under which policy, and how it must end.

use std::path::Path;
use std::time::Duration;

use portcullis_sandbox::WorkerLimits;

use crate::Observed;
use crate::act::Act;

/// What one hostile guest does and what must become of it.
///
/// # Examples
///
/// ```ignore
/// Behaviour::new(1, "endless loop", "stopped by `limits.cpu`")
///     .limits("cpu: 100ms")
///     .ends(|o| o.error_is("Cpu", |error| matches!(error, CallError::Cpu { .. })))
/// ```
pub struct Behaviour {
    /// Number of the behaviour in the catalogue.
    pub row: u8,
    /// What the guest tries.
    pub attack: &'static str,
    /// How it must end.
    pub outcome: &'static str,
    pub(crate) limits: &'static str,
    pub(crate) grants: &'static str,
    pub(crate) settings: &'static [(&'static str, &'static str)],
    pub(crate) environment: &'static [(&'static str, &'static str)],
    pub(crate) handles: Vec<String>,
    pub(crate) scene: fn(&Path) -> std::io::Result<()>,
    pub(crate) meanwhile: Option<fn(&Path)>,
    pub(crate) abandoned_after: Option<Duration>,
    pub(crate) one_thread: bool,
    pub(crate) always_hostile: bool,
    pub(crate) hostile_at_load: bool,
    pub(crate) logged: bool,
    pub(crate) compiling: WorkerLimits,
    pub(crate) plot: Plot,
}

/// What is done with a guest, and what must come of it.
#[derive(Clone, Copy)]
pub(crate) enum Plot {
    /// It is linked as the row says and called once, beside the neighbour; this looks at the end.
    Call(fn(&Observed) -> Result<(), String>),
    /// The row has more than one provider, or one that changes: it links, calls and looks itself, beside the neighbour.
    Act(fn(&Act<'_>) -> Result<(), String>),
}

impl Behaviour {
    pub(crate) fn new(row: u8, attack: &'static str, outcome: &'static str) -> Self {
        Self {
            row,
            attack,
            outcome,
            limits: "",
            grants: "",
            settings: &[("key", "value")],
            environment: &[],
            handles: vec!["attack".to_owned(), "second".to_owned()],
            scene: |_| Ok(()),
            meanwhile: None,
            abandoned_after: None,
            one_thread: false,
            always_hostile: false,
            hostile_at_load: false,
            logged: false,
            compiling: WorkerLimits::default(),
            plot: Plot::Call(|observed| Err(format!("the row says no outcome: {observed:?}"))),
        }
    }

    /// Limits of the provider, as a policy writes them.
    pub(crate) fn limits(self, limits: &'static str) -> Self {
        Self { limits, ..self }
    }

    /// More of the provider's section of a Portcullis file, a line for each key. `{scene}` is the scene's folder.
    pub(crate) fn grants(self, grants: &'static str) -> Self {
        Self { grants, ..self }
    }

    /// What the operator configured for the provider.
    pub(crate) fn settings(self, settings: &'static [(&'static str, &'static str)]) -> Self {
        Self { settings, ..self }
    }

    /// What the host's environment looks like to the policy.
    pub(crate) fn environment(self, environment: &'static [(&'static str, &'static str)]) -> Self {
        Self { environment, ..self }
    }

    /// The handles of the hostile call. The first must begin with `attack`, unless the guest is always hostile.
    pub(crate) fn handles(self, handles: &[&str]) -> Self {
        Self { handles: handles.iter().map(|handle| (*handle).to_owned()).collect(), ..self }
    }

    /// Puts files into the folder of the scene before the component is loaded.
    pub(crate) fn scene(self, scene: fn(&Path) -> std::io::Result<()>) -> Self {
        Self { scene, ..self }
    }

    /// What the host does over and over on a thread of its own while the call runs.
    pub(crate) fn meanwhile(self, meanwhile: fn(&Path)) -> Self {
        Self { meanwhile: Some(meanwhile), ..self }
    }

    /// Drops the call after a while, as a host does that gives up.
    pub(crate) fn abandoned_after(self, time: Duration) -> Self {
        Self { abandoned_after: Some(time), ..self }
    }

    /// Guest and neighbour share one thread.
    pub(crate) fn one_thread(self) -> Self {
        Self { one_thread: true, ..self }
    }

    /// The guest cannot behave, whatever the handles are: its next call ends as this one.
    pub(crate) fn always_hostile(self) -> Self {
        Self { always_hostile: true, ..self }
    }

    /// The attack is in being loaded: that is what is timed.
    pub(crate) fn hostile_at_load(self) -> Self {
        Self { hostile_at_load: true, ..self }
    }

    /// All that the process logs meanwhile is kept, at the finest level.
    pub(crate) fn logged(self) -> Self {
        Self { logged: true, ..self }
    }

    /// What the compile worker may use.
    pub(crate) fn compiling(self, wall: Duration, memory: u64) -> Self {
        Self { compiling: WorkerLimits { wall, memory, ..WorkerLimits::default() }, ..self }
    }

    /// How it must end.
    pub(crate) fn ends(self, check: fn(&Observed) -> Result<(), String>) -> Self {
        Self { plot: Plot::Call(check), ..self }
    }

    /// The row's own scene, in place of one call.
    pub(crate) fn acts(self, act: fn(&Act<'_>) -> Result<(), String>) -> Self {
        Self { plot: Plot::Act(act), ..self }
    }
}
