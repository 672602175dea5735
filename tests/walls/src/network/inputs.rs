//! What a host has beside its policy: variables, and files. Whether a file is to be trusted is tested elsewhere.

use std::collections::BTreeMap;
use std::path::Path;

use portcullis_egress::{InputError, Inputs};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// Reads whatever a policy names: files of a test, and those of the disk as they are.
#[derive(Default)]
pub(crate) struct Plain {
    variables: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

impl Plain {
    /// With these variables, and these files at places where a test may write none.
    pub(crate) fn with(
        variables: impl IntoIterator<Item = (String, String)>,
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        Self { variables: variables.into_iter().collect(), files: files.into_iter().collect() }
    }
}

impl Inputs for Plain {
    fn file(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, InputError> {
        if let Some(content) = path.to_str().and_then(|path| self.files.get(path)) {
            return Ok(Zeroizing::new(content.clone().into_bytes()));
        }
        let problem = |error: std::io::Error| InputError::new(path, error.to_string());
        std::fs::read(path).map(Zeroizing::new).map_err(problem)
    }

    fn variable(&self, name: &str) -> Option<SecretString> {
        self.variables.get(name).map(|value| value.as_str().into())
    }
}
