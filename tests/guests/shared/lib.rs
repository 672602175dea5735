//! What hostile guests share: how they are told to attack, and how they say what came of it.
//!
//! Each program in this folder is one attack. It is a backend like any other: as long as no handle begins with `attack`, it
//! answers each handle with the handle itself. With `attack`, or `attack:` and a parameter, as the first handle it attacks,
//! and the value of that handle is a report, `attempt=outcome` for each attempt, with `;` between them. The host's test
//! compares the whole of it.
//!
//! * [`export!`]: an attack as a backend.
//! * [`export_each!`]: one that attacks with every handle that says so.
//! * [`report`]: attempts and their outcomes.
//! * [`files`]: the granted folder, and the outcome names of its interface.
//! * [`streams`]: reading to the end, and the outcomes of streams.
//! * [`request`], [`http`] and [`answer`]: requests as a test spells them, sent as they are, and what came back.
//! * [`bindings`]: the WASI interfaces that backends have no use for, and attackers do.

pub mod answer;
#[doc(hidden)]
#[allow(
    missing_docs,
    unsafe_code,
    unreachable_pub,
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    clippy::allow_attributes_without_reason,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::use_self,
    clippy::uninlined_format_args,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::semicolon_if_nothing_returned,
    rust_2018_idioms,
    reason = "generated code"
)]
pub mod bindings;
pub mod files;
pub mod http;
pub mod report;
pub mod request;
pub mod streams;

#[doc(hidden)]
pub use portcullis_guest;
use portcullis_guest::Resolution;

/// Makes a function of the attack's parameter (empty if there is none) to its report the backend of this program.
#[macro_export]
macro_rules! export {
    ($attack:path) => {
        // Elsewhere than in the sandbox the attack is compiled for the lints alone.
        const _: fn(&str) -> String = $attack;

        #[cfg(target_family = "wasm")]
        struct Attacker;

        #[cfg(target_family = "wasm")]
        impl $crate::portcullis_guest::Provider for Attacker {
            fn resolve(
                handles: Vec<String>,
                _deadline: ::std::time::Duration,
            ) -> Result<Vec<$crate::portcullis_guest::Resolution>, $crate::portcullis_guest::Failure> {
                Ok($crate::resolve(handles, $attack))
            }
        }

        $crate::portcullis_guest::export!(Attacker);
    };
}

/// The same for an attack that is made once for each handle that begins with `attack`.
#[macro_export]
macro_rules! export_each {
    ($attack:path) => {
        const _: fn(&str) -> String = $attack;

        #[cfg(target_family = "wasm")]
        struct Attacker;

        #[cfg(target_family = "wasm")]
        impl $crate::portcullis_guest::Provider for Attacker {
            fn resolve(
                handles: Vec<String>,
                _deadline: ::std::time::Duration,
            ) -> Result<Vec<$crate::portcullis_guest::Resolution>, $crate::portcullis_guest::Failure> {
                Ok(handles.into_iter().flat_map(|handle| $crate::resolve(vec![handle], $attack)).collect())
            }
        }

        $crate::portcullis_guest::export!(Attacker);
    };
}

/// Attacks where the first handle says so; every other handle is its own value.
pub fn resolve(handles: Vec<String>, attack: impl Fn(&str) -> String) -> Vec<Resolution> {
    let resolve = |(index, handle): (usize, String)| {
        let value = match parameter(&handle) {
            Some(parameter) if index == 0 => attack(parameter),
            _ => handle.clone(),
        };
        Resolution::found(handle, value)
    };
    handles.into_iter().enumerate().map(resolve).collect()
}

/// `attack` → nothing, `attack:x` → `x`, another handle → `None`.
fn parameter(handle: &str) -> Option<&str> {
    match handle.strip_prefix("attack")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    }
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn only_an_attack_is_an_attack() {
        let rows = [
            ("attack", Some("")),
            ("attack:", Some("")),
            ("attack:a/b:c", Some("a/b:c")),
            ("attacks", None),
            ("handle-1", None),
            ("", None),
        ];
        for (handle, expected) in rows {
            assert_eq!(parameter(handle), expected, "{handle}");
        }
    }
}
