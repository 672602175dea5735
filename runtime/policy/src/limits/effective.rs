//! From a profile, a provider's overrides and the ceiling to the effective limits.

use super::{Limit, LimitOrigin, LimitOverrides, Limits, Profile};
use crate::Bytes;

/// A parsed file takes several times its text in memory.
const MEMORY_PER_FILE_BYTE: u64 = 8;

/// Limits that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "limits.host_copy is {host_copy} and limits.batch is {batch}: a full batch could not be returned. Raise host_copy or lower batch"
)]
pub struct LimitsConflict {
    /// What the provider sets.
    pub host_copy: Bytes,
    /// The batch that must fit.
    pub batch: Bytes,
}

impl Limits {
    /// Provider ∩ ceiling, over the profile's defaults.
    pub(crate) fn effective(
        profile: Profile,
        overrides: &LimitOverrides,
        ceiling: Option<&LimitOverrides>,
    ) -> Result<Self, LimitsConflict> {
        let mut limits = Self::defaults(profile);
        limits.apply(overrides);
        if profile == Profile::BuiltinFile {
            limits.follow_file_cap(overrides);
        }
        limits.clamp();
        let (batch, host_copy) = (limits.batch.value(), limits.host_copy.value());
        if host_copy < batch {
            if overrides.host_copy.is_some() {
                return Err(LimitsConflict { host_copy, batch });
            }
            limits.host_copy = Limit::new(batch, LimitOrigin::Follows("batch"));
        }
        if let Some(ceiling) = ceiling {
            limits.narrow(ceiling);
            // The ceiling may bound the copy below the batch: then no larger batch can arrive.
            limits.batch = limits.batch.at_most(limits.host_copy.value(), LimitOrigin::Ceiling);
        }
        Ok(limits)
    }

    /// A built-in reader needs room for the file that it may read, unless the provider says otherwise.
    fn follow_file_cap(&mut self, overrides: &LimitOverrides) {
        let (cap, origin) = (self.file_bytes.value(), LimitOrigin::Follows("file_bytes"));
        if overrides.memory.is_none() {
            self.memory = self.memory.at_least(cap.saturating_mul(MEMORY_PER_FILE_BYTE), origin);
        }
        if overrides.value.is_none() && overrides.file_bytes.is_some() {
            self.value = self.value.at_least(cap, origin);
        }
        if overrides.batch.is_none() {
            self.batch = self.batch.at_least(cap, origin);
        }
    }
}

impl LimitOverrides {
    /// Sets the wall-clock limit of a call, as an agent's timeout setting does.
    pub fn set_wall(&mut self, wall: std::time::Duration, origin: LimitOrigin) {
        self.wall = Some(Limit::new(wall, origin));
    }

    /// Sets how many bytes a call may read from files. In the profile for built-in file types, memory, value and batch
    /// follow unless they are set themselves.
    pub fn set_file_bytes(&mut self, bytes: Bytes, origin: LimitOrigin) {
        self.file_bytes = Some(Limit::new(bytes, origin));
    }

    /// Sets the cap on all values of a call, as an agent's output cap does.
    pub fn set_batch(&mut self, bytes: Bytes, origin: LimitOrigin) {
        self.batch = Some(Limit::new(bytes, origin));
    }

    /// Sets the cap on one value.
    pub fn set_value(&mut self, bytes: Bytes, origin: LimitOrigin) {
        self.value = Some(Limit::new(bytes, origin));
    }
}
