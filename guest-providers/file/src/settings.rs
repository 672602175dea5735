//! What the operator configured.

use portcullis_compat::json;
use portcullis_compat::settings::{self, FileSettings};
use portcullis_guest::{Failure, FailureKind};

/// The settings of one provider, with defaults in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The file or the folder, as it was written; empty if it was not.
    pub path: String,
    /// The largest file that is read, in bytes.
    pub max_size: u64,
}

impl Settings {
    /// Decodes a JSON object by the table of a provider's type.
    ///
    /// # Errors
    ///
    /// Every setting of the wrong type, in one message.
    pub fn decode(backend_type: &str, text: &str) -> Result<Self, Failure> {
        let other = |message: String| Failure::new(FailureKind::Other, message);
        let given = json::parse(text.as_bytes())
            .map_err(|error| other(format!("failed to map backend configuration: {error}")))?;
        let unsupported = || other(format!("unsupported backend type: {backend_type}"));
        let schema = settings::schema(backend_type).ok_or_else(unsupported)?;
        let decoded = settings::decode(schema, &given).map_err(|error| other(error.to_string()))?;
        let FileSettings { path, max_file_size } =
            FileSettings::of(schema, &decoded).ok_or_else(unsupported)?;
        Ok(Self { path: path.to_owned(), max_size: max_file_size })
    }
}

/// The text for a file over the limit. `what` is what the operator knows it by: its path or its handle.
pub(crate) fn too_large(what: &str, max: u64, actual: u64) -> Failure {
    Failure::new(
        FailureKind::Other,
        format!("secret file '{what}' exceeds maximum size limit of {max} bytes (actual: {actual} bytes)"),
    )
}
