//! Sizes, times and counts as people write them: `64MiB`, `500ms`, `300`.

use std::fmt;
use std::time::Duration;

/// A number of bytes.
///
/// ```
/// use portcullis_policy::Bytes;
/// assert_eq!(Bytes::mib(64).to_string(), "64MiB");
/// assert_eq!(Bytes::new(1025).to_string(), "1025B");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(u64);

impl Bytes {
    /// So many bytes.
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// So many KiB (1,024 bytes each).
    pub const fn kib(kib: u32) -> Self {
        Self(kib as u64 * 1024)
    }

    /// So many MiB (1,048,576 bytes each).
    pub const fn mib(mib: u32) -> Self {
        Self(mib as u64 * 1024 * 1024)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The number for use in memory; the largest `usize` where it does not fit, which no allocation exceeds either.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// `factor` times as many, at most the largest number.
    pub const fn saturating_mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

/// Units of size, largest first so that rendering takes the shortest exact one.
const SIZES: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Units of time in milliseconds, largest first.
const TIMES: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A quantity that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found `{}`", .found.escape_debug())]
pub struct QuantityError {
    /// The form that was expected.
    pub expected: &'static str,
    /// What was given, cut at 64 characters.
    pub found: String,
}

/// Something that a limit can be: a size, a time or a count.
pub trait Quantity: Copy + Ord + fmt::Debug {
    /// The accepted form, for messages.
    const FORM: &'static str;

    /// Reads the text form.
    ///
    /// # Errors
    /// When the text has no such form or does not fit.
    fn from_text(text: &str) -> Result<Self, QuantityError>;

    /// The shortest exact text form: [`Quantity::from_text`] gives the same value back.
    fn to_text(self) -> String;
}

impl Quantity for Bytes {
    const FORM: &'static str = "a size such as `64MiB`, `1KiB` or `512B`";

    fn from_text(text: &str) -> Result<Self, QuantityError> {
        scaled(text, &SIZES).map(Self).ok_or_else(|| mismatch::<Self>(text))
    }

    fn to_text(self) -> String {
        rendered(self.0, &SIZES)
    }
}

impl Quantity for Duration {
    const FORM: &'static str = "a time such as `8s`, `500ms` or `2m`";

    fn from_text(text: &str) -> Result<Self, QuantityError> {
        scaled(text, &TIMES).map(Self::from_millis).ok_or_else(|| mismatch::<Self>(text))
    }

    fn to_text(self) -> String {
        rendered(u64::try_from(self.as_millis()).unwrap_or(u64::MAX), &TIMES)
    }
}

impl Quantity for u32 {
    const FORM: &'static str = "a whole number such as `300`";

    fn from_text(text: &str) -> Result<Self, QuantityError> {
        digits(text).and_then(|number| Self::try_from(number).ok()).ok_or_else(|| mismatch::<Self>(text))
    }

    fn to_text(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

fn mismatch<Q: Quantity>(text: &str) -> QuantityError {
    QuantityError { expected: Q::FORM, found: text.chars().take(64).collect() }
}

/// Plain digits only: no sign, no leading zero, no separator.
fn digits(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(unit_at)?;
    let (_, scale) = units.iter().find(|(name, _)| *name == unit)?;
    digits(number)?.checked_mul(*scale)
}

fn rendered(number: u64, units: &[(&str, u64)]) -> String {
    let exact =
        units.iter().find(|(_, scale)| number != 0 && number.is_multiple_of(*scale)).or_else(|| units.last());
    exact.map_or_else(|| number.to_string(), |(name, scale)| format!("{}{name}", number / scale))
}
