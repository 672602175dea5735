//! What is counted, and by what.

/// One family of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) kind: Kind,
}

/// How a number moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Up only, from the start of the process.
    Counter,
    /// Up and down.
    Gauge,
}

impl Metric {
    /// What only grows. By custom its name ends in `_total`; `portcullis_` is put before it.
    #[must_use]
    pub const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: Kind::Counter }
    }

    /// What is as it is now. By custom its name ends in its unit (`_seconds`, `_bytes`); `portcullis_` is put before it.
    #[must_use]
    pub const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: Kind::Gauge }
    }
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
        }
    }
}

/// By what samples of a family differ. The list is closed, and all that it has come in small numbers: a handle, a path or
/// an origin as a label would leave this machine with the metrics, and make one series of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// The provider's name in the configuration.
    Provider,
    /// Why something failed or was denied: a stable code.
    Reason,
    /// How something ended.
    Outcome,
    /// In which of a few states something is.
    State,
    /// Which of a few things of a sort.
    Kind,
    /// Which limit.
    Limit,
    /// The version of this program.
    Version,
}

impl Label {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Reason => "reason",
            Self::Outcome => "outcome",
            Self::State => "state",
            Self::Kind => "kind",
            Self::Limit => "limit",
            Self::Version => "version",
        }
    }
}
