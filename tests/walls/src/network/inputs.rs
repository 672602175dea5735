//! Files as they are, and no variable: whether a file is to be trusted is tested elsewhere.

use std::path::Path;

use portcullis_egress::{InputError, Inputs};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// Reads whatever a policy names.
pub(crate) struct Plain;

impl Inputs for Plain {
    fn file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        let problem = |error: std::io::Error| InputError::new(path, error.to_string());
        std::fs::read(path).map(Zeroizing::new).map_err(problem)
    }

    fn variable(&self, _name: &str) -> Option<SecretString> {
        None
    }
}
