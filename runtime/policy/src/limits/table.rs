//! The one table of limits: fields, overrides, rows and effective values all come from it.

use std::time::Duration;

use super::{Limit, LimitOrigin, Profile};
use crate::quantity::{Bytes, Quantity};

macro_rules! limits {
    ($($key:ident: $type:ty {
        custom: $custom:expr, builtin_file: $builtin:expr, from: $least:expr, to: $most:expr,
        reason: $reason:literal
    })+) => {
        /// The effective limits of a provider. Every one is enforced on each call.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Limits {
            $(#[doc = $reason] pub $key: Limit<$type>,)+
        }

        /// Limits that a source sets; the others keep what they were.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct LimitOverrides {
            $(pub(super) $key: Option<Limit<$type>>,)+
        }

        impl Limits {
            /// The defaults of a profile.
            pub(crate) const fn defaults(profile: Profile) -> Self {
                match profile {
                    Profile::Custom => Self { $($key: Limit::new($custom, LimitOrigin::Default),)+ },
                    Profile::BuiltinFile => Self { $($key: Limit::new($builtin, LimitOrigin::Default),)+ },
                }
            }

            /// Takes every value that `overrides` sets.
            pub(super) fn apply(&mut self, overrides: &LimitOverrides) {
                $(if let Some(limit) = overrides.$key { self.$key = limit; })+
            }

            /// Brings every value into its range: settings of others know other ranges.
            pub(super) fn clamp(&mut self) {
                $(self.$key.value = self.$key.value.clamp($least, $most);)+
            }

            /// Narrows every value to that of `ceiling`.
            pub(super) fn narrow(&mut self, ceiling: &LimitOverrides) {
                $(if let Some(limit) = ceiling.$key {
                    self.$key = self.$key.at_most(limit.value(), LimitOrigin::Ceiling);
                })+
            }

            /// Every limit, for `explain` and documentation.
            pub fn rows(&self) -> impl Iterator<Item = LimitRow> {
                [$(LimitRow {
                    key: stringify!($key),
                    value: self.$key.value().to_text(),
                    origin: self.$key.origin(),
                    reason: $reason,
                },)+].into_iter()
            }
        }

        impl LimitOverrides {
            /// The keys of a `limits` section.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($key),)+];

            /// Sets one limit from its text form.
            ///
            /// # Errors
            /// When there is no such limit, or the text is no such quantity or out of range.
            pub fn set(&mut self, key: &str, text: &str, origin: LimitOrigin) -> Result<(), LimitTextError> {
                match key {
                    $(stringify!($key) => self.$key = Some(Limit::new(ranged(text, $least, $most)?, origin)),)+
                    _ => return Err(LimitTextError::UnknownKey),
                }
                Ok(())
            }
        }
    };
}

limits! {
    wall: Duration {
        custom: Duration::from_secs(10), builtin_file: Duration::from_secs(30),
        from: Duration::from_millis(1), to: Duration::from_secs(3600),
        reason: "Whole call, host waits included. Built-in: the agent's own secret_backend_timeout default of 30 s."
    }
    cpu: Duration {
        custom: Duration::from_secs(1), builtin_file: Duration::from_secs(10),
        from: Duration::from_millis(1), to: Duration::from_secs(3600),
        reason: "Computing time of the guest. Decoding an answer takes milliseconds; a second stops a loop. Built-in: a large file on a slow machine must still parse."
    }
    memory: Bytes {
        custom: Bytes::mib(64), builtin_file: Bytes::mib(128),
        from: Bytes::kib(64), to: Bytes::mib(4096),
        reason: "All memories and tables together. Built-in: 8 times the file cap, since a parsed file is several times its text."
    }
    value: Bytes {
        custom: Bytes::mib(1), builtin_file: Bytes::mib(10),
        from: Bytes::new(1), to: Bytes::mib(1024),
        reason: "One secret value. No store serves more than 1 MiB. Built-in: ten times the agent's own output cap."
    }
    batch: Bytes {
        custom: Bytes::mib(8), builtin_file: Bytes::mib(16),
        from: Bytes::new(1), to: Bytes::mib(1024),
        reason: "All values of one call: eight of full size. Built-in: one file of full size."
    }
    host_copy: Bytes {
        custom: Bytes::mib(8), builtin_file: Bytes::mib(16),
        from: Bytes::new(1), to: Bytes::mib(1024),
        reason: "Bytes that the host copies out of the guest in one step; at least one batch, or no full batch could be returned."
    }
    instances: u32 {
        custom: 64, builtin_file: 64, from: 1, to: 1024,
        reason: "Core instances of one component. A Python guest needs 38, one in Rust needs 1."
    }
    handles: u32 {
        custom: 512, builtin_file: 512, from: 1, to: 100_000,
        reason: "Resources (files, streams, requests) that the guest holds at once."
    }
    requests: u32 {
        custom: 300, builtin_file: 0, from: 0, to: 100_000,
        reason: "HTTP requests of one call: one for each handle of a large batch and some for login. Built-in file types send none."
    }
    log_lines: u32 {
        custom: 200, builtin_file: 200, from: 0, to: 100_000,
        reason: "Lines of one call that reach the log; the rest is counted and dropped."
    }
    log_line: Bytes {
        custom: Bytes::kib(1), builtin_file: Bytes::kib(1), from: Bytes::new(16), to: Bytes::mib(1),
        reason: "One line of the log; the rest of the line is cut."
    }
    entries: u32 {
        custom: 4_096, builtin_file: 4_096, from: 0, to: 1_000_000,
        reason: "Folder entries that one call may list or make. A folder of secrets has tens."
    }
    open_files: u32 {
        custom: 16, builtin_file: 16, from: 1, to: 4096,
        reason: "Files and folders that a call holds open at once. A backend reads one after the other; 32 calls at once hold half of the 1,024 descriptors that a process usually has."
    }
    file_bytes: Bytes {
        custom: Bytes::mib(16), builtin_file: Bytes::mib(16), from: Bytes::new(0), to: Bytes::mib(4096),
        reason: "Bytes that one call may read from files and write to them; no file is made longer."
    }
}

/// One limit as `explain` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitRow {
    /// Key below `limits`.
    pub key: &'static str,
    /// Value in the text form of policies.
    pub value: String,
    /// Where the value came from.
    pub origin: LimitOrigin,
    /// Why the default is what it is.
    pub reason: &'static str,
}

/// A limit that cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimitTextError {
    /// There is no limit of that name.
    #[error("no such limit")]
    UnknownKey,
    /// The text is no quantity of the limit's kind.
    #[error(transparent)]
    Quantity(#[from] crate::QuantityError),
    /// The quantity is out of range.
    #[error("`{found}` is out of range: expected `{least}` to `{most}`")]
    Range {
        /// What was given.
        found: String,
        /// Smallest accepted.
        least: String,
        /// Largest accepted.
        most: String,
    },
}

/// A quantity within a range, both ends in it.
pub(crate) fn ranged<Q: Quantity>(text: &str, least: Q, most: Q) -> Result<Q, LimitTextError> {
    let value = Q::from_text(text)?;
    if value < least || value > most {
        let (found, least, most) = (value.to_text(), least.to_text(), most.to_text());
        return Err(LimitTextError::Range { found, least, most });
    }
    Ok(value)
}
