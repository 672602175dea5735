//! From a [`Provider`] to the component's export.

use std::time::Duration;

use crate::bindings::exports::portcullis::secrets::provider as wit;
use crate::{Failure, FailureKind, Provider, Resolution, Secret};

/// Makes a [`Provider`] the export of this program. Once, in the root of a binary crate.
///
/// The crate needs `#![cfg_attr(target_family = "wasm", no_main)]`: a component has no entry but its exports. For any other
/// target the program is an empty one, so that the crate's tests build there.
#[macro_export]
macro_rules! export {
    ($provider:ty) => {
        #[cfg(target_family = "wasm")]
        const _: () = {
            struct Component;

            impl $crate::bindings::exports::portcullis::secrets::provider::Guest for Component {
                fn resolve(
                    handles: ::std::vec::Vec<::std::string::String>,
                    deadline_ms: u32,
                ) -> $crate::export::Answer {
                    $crate::export::resolve::<$provider>(handles, deadline_ms)
                }
            }

    $crate::bindings::export_guest!(Component with_types_in $crate::bindings);
        };

        #[cfg(not(target_family = "wasm"))]
        fn main() {}
    };
}

/// What the export returns.
pub type Answer = Result<Vec<wit::Resolution>, wit::Failure>;

/// The export's body: the provider's answer in the contract's generated types.
pub fn resolve<P: Provider>(handles: Vec<String>, deadline_ms: u32) -> Answer {
    let deadline = Duration::from_millis(u64::from(deadline_ms));
    match P::resolve(handles, deadline) {
        Ok(resolutions) => Ok(resolutions.into_iter().map(resolution).collect()),
        Err(failed) => Err(failure(failed)),
    }
}

fn resolution(Resolution { handle, outcome }: Resolution) -> wit::Resolution {
    wit::Resolution { handle, outcome: outcome.map(secret).map_err(failure) }
}

fn secret(Secret { value, expires_in }: Secret) -> crate::bindings::portcullis::secrets::types::Secret {
    crate::bindings::portcullis::secrets::types::Secret { value, expires_in }
}

fn failure(Failure { kind, message, retry_after }: Failure) -> wit::Failure {
    use crate::bindings::portcullis::secrets::types::FailureKind as Wit;
    let kind = match kind {
        FailureKind::NotFound => Wit::NotFound,
        FailureKind::Denied => Wit::Denied,
        FailureKind::InvalidHandle => Wit::InvalidHandle,
        FailureKind::Unavailable => Wit::Unavailable,
        FailureKind::Other => Wit::Other,
    };
    wit::Failure { kind, message, retry_after }
}
