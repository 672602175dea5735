//! Files and variables of the host for whoever sends requests: certificates, keys, credentials.

use std::path::Path;

use portcullis_egress::{InputError, Inputs};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::trusted::{ReadError, TrustedFiles};

/// Largest file that is read, in bytes: all public authorities together are a quarter of a mebibyte.
const MAX_INPUT: u64 = 4 << 20;

/// Reads files under the rule for trusted files, and variables of this process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostInputs(pub(crate) TrustedFiles);

impl Inputs for HostInputs {
    fn file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        self.0.read(path, MAX_INPUT).map_err(|error| {
            // The path stands before it.
            let problem = match error {
                ReadError::Io { source, .. } => format!("cannot be read: {source}"),
                ReadError::TooLarge { limit, .. } => format!("has more than {limit} bytes"),
                ReadError::NotTrusted(_) => error.to_string(),
            };
            InputError::new(path, problem)
        })
    }

    fn variable(&self, name: &str) -> Option<SecretString> {
        std::env::var(name).ok().filter(|value| !value.is_empty()).map(SecretString::from)
    }
}
