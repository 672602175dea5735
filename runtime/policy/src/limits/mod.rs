//! Every limit on a call, with its default, where its value came from, and the reason for the number.

mod effective;
mod table;

pub use effective::LimitsConflict;
pub(crate) use table::ranged;
pub use table::{LimitOverrides, LimitRow, LimitTextError, Limits};

/// Which set of defaults a provider starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A component that an operator names.
    Custom,
    /// A built-in provider that reads files: it stands in for the agent's own reader, so that no default binds below
    /// what the agent itself accepts (`secret_backend_output_max_size`, `secret_backend_timeout`).
    BuiltinFile,
}

/// Where a limit's value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitOrigin {
    /// The profile's default.
    Default,
    /// The provider's `limits` section.
    File,
    /// The ceiling, which narrowed it.
    Ceiling,
    /// A setting of a built-in provider or of the agent, by its key.
    Setting(&'static str),
    /// Another limit that needs this one to be at least so large, by its key.
    Follows(&'static str),
}

impl std::fmt::Display for LimitOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File => f.write_str("file"),
            Self::Ceiling => f.write_str("ceiling"),
            Self::Setting(key) => write!(f, "setting {key}"),
            Self::Follows(key) => write!(f, "follows {key}"),
        }
    }
}

/// One effective limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit<T> {
    value: T,
    origin: LimitOrigin,
}

impl<T: Copy + Ord> Limit<T> {
    pub(crate) const fn new(value: T, origin: LimitOrigin) -> Self {
        Self { value, origin }
    }

    /// The number.
    pub const fn value(&self) -> T {
        self.value
    }

    /// Where it came from.
    pub const fn origin(&self) -> LimitOrigin {
        self.origin
    }

    /// The smaller of both; the one that was there when they are equal.
    fn at_most(self, bound: T, origin: LimitOrigin) -> Self {
        if bound < self.value { Self::new(bound, origin) } else { self }
    }

    /// The larger of both; the one that was there when they are equal.
    fn at_least(self, bound: T, origin: LimitOrigin) -> Self {
        if bound > self.value { Self::new(bound, origin) } else { self }
    }
}
