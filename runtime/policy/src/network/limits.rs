//! Limits on the requests to one destination.

use std::fmt;
use std::time::Duration;

use crate::Bytes;
use crate::document::{Field, FileError, quoted};
use crate::limits::ranged;
use crate::quantity::Quantity;

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $key:ident: $type:ty = $default:expr, from $least:expr, to $most:expr;)+) => {
        /// What a request to a destination may take. Times count in real time, sizes on the wire before anything is decoded.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct RequestLimits {
            $($(#[doc = $doc])+ pub $key: $type,)+
        }

        impl Default for RequestLimits {
            fn default() -> Self {
                Self { $($key: $default,)+ }
            }
        }

        impl RequestLimits {
            const KEYS: &'static [&'static str] = &[$(stringify!($key),)+];

            fn set(&mut self, key: &str, text: &str) -> Result<(), String> {
                match key {
                    $(stringify!($key) => self.$key = ranged(text, $least, $most).map_err(|error| error.to_string())?,)+
                    _ => return Err(format!("unknown key {}", quoted(key))),
                }
                Ok(())
            }

            /// The smaller of both, one by one.
            #[must_use]
            pub(super) fn narrowed(self, bound: Self) -> Self {
                Self { $($key: self.$key.min(bound.$key),)+ }
            }

            /// Every limit as text, with whether it is the default.
            fn rows(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
                let default = Self::default();
                [$((stringify!($key), self.$key.to_text(), self.$key == default.$key),)+].into_iter()
            }
        }
    };
}

limits! {
    /// Looking up the name, connecting and the TLS handshake. Default 5 s: a store that is near answers in milliseconds.
    connect: Duration = Duration::from_secs(5), from Duration::from_millis(1), to Duration::from_secs(600);
    /// From the request to the answer's headers, and between two pieces of its body. Default 10 s.
    first_byte: Duration = Duration::from_secs(10), from Duration::from_millis(1), to Duration::from_secs(600);
    /// The whole request with its answer. Default 30 s, as agents wait for a backend; `limits.wall` of the call binds first
    /// where it is shorter.
    total: Duration = Duration::from_secs(30), from Duration::from_millis(1), to Duration::from_secs(3600);
    /// Body of a request. Default 64 KiB: a request for secrets is a few hundred bytes.
    request_bytes: Bytes = Bytes::kib(64), from Bytes::new(0), to Bytes::mib(1024);
    /// Body of an answer. Default 4 MiB: several values of full size, in JSON.
    response_bytes: Bytes = Bytes::mib(4), from Bytes::new(0), to Bytes::mib(1024);
    /// Headers of an answer. Default 100.
    headers: u32 = 100, from 1, to 1000;
    /// All headers of an answer together. Default 64 KiB.
    header_bytes: Bytes = Bytes::kib(64), from Bytes::new(256), to Bytes::mib(1);
    /// Requests that are under way at once, over all calls of the provider. Default 8.
    concurrent: u32 = 8, from 1, to 1000;
}

impl RequestLimits {
    pub(super) fn parse(field: &Field<'_>) -> Result<Self, FileError> {
        // The section refuses unknown keys with the list of known ones.
        field.section("a map of limits", Self::KEYS)?;
        let mut limits = Self::default();
        for (key, value) in field.entries("a map of limits")? {
            limits.set(key, &value.quantity()?).map_err(|problem| value.error(problem))?;
        }
        Ok(limits)
    }
}

/// What differs from the defaults; nothing where nothing does.
impl fmt::Display for RequestLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for (key, value, _) in self.rows().filter(|(_, _, is_default)| !is_default) {
            write!(f, "{between}{key} {value}")?;
            between = ", ";
        }
        Ok(())
    }
}
