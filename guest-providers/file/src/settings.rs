//! What the operator configured.

use portcullis_compat::settings::Decoded;
use portcullis_compat::{json, settings};
use portcullis_guest::{Failure, FailureKind};

/// The size limit of a file, in bytes, where the settings have none.
pub const DEFAULT_MAX_SIZE: u64 = 10 * 1024 * 1024;

/// The settings of one provider, of the right types.
#[derive(Debug)]
pub struct Settings {
    decoded: Decoded,
}

impl Settings {
    /// Decodes a JSON object by the table of a provider's type.
    ///
    /// # Errors
    ///
    /// Every setting of the wrong type, in one message.
    pub fn decode(backend_type: &str, text: &str) -> Result<Self, Failure> {
        let other = |message: String| Failure::new(FailureKind::Other, message);
        let schema = settings::schema(backend_type)
            .ok_or_else(|| other(format!("unsupported backend type: {backend_type}")))?;
        let given = json::parse(text.as_bytes())
            .map_err(|error| other(format!("failed to map backend configuration: {error}")))?;
        let decoded = settings::decode(schema, &given).map_err(|error| other(error.to_string()))?;
        Ok(Self { decoded })
    }

    /// A path as it was written, or `""`.
    pub(crate) fn path(&self, key: &str) -> &str {
        self.decoded.string(key)
    }

    /// Whether a setting is there at all, be it empty.
    pub(crate) fn is_given(&self, key: &str) -> bool {
        self.decoded.is_given(key)
    }

    /// `max_file_read_size` in bytes. Absent, zero and less mean the default.
    pub(crate) fn max_size(&self) -> u64 {
        match u64::try_from(self.decoded.int("max_file_read_size")) {
            Ok(0) | Err(_) => DEFAULT_MAX_SIZE,
            Ok(bytes) => bytes,
        }
    }
}

/// The text for a file over the limit. `what` is what the operator knows it by: its path or its handle.
pub(crate) fn too_large(what: &str, max: u64, actual: u64) -> Failure {
    Failure::new(
        FailureKind::Other,
        format!("secret file '{what}' exceeds maximum size limit of {max} bytes (actual: {actual} bytes)"),
    )
}
