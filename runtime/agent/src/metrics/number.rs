//! A sample's value.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// A number as Prometheus reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Without a fraction, and exact.
    Whole(u64),
    /// Any other.
    Real(f64),
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

/// A size of something in memory.
impl From<usize> for Number {
    fn from(number: usize) -> Self {
        Self::Whole(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

/// Yes is 1.
impl From<bool> for Number {
    fn from(yes: bool) -> Self {
        Self::Whole(u64::from(yes))
    }
}

/// In seconds.
impl From<Duration> for Number {
    fn from(time: Duration) -> Self {
        Self::Real(time.as_secs_f64())
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => write!(f, "{number}"),
            Self::Real(number) if number.is_nan() => f.write_str("NaN"),
            Self::Real(number) if number.is_infinite() => {
                f.write_str(if number.is_sign_positive() { "+Inf" } else { "-Inf" })
            }
            Self::Real(number) => write!(f, "{number}"),
        }
    }
}
