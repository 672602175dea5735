//! The settings that all file backends share.

use super::decoded::Decoded;
use super::schema::Schema;

/// The largest file that is read unless the settings say otherwise, in bytes.
pub const DEFAULT_MAX_FILE_SIZE: u64 = 10_485_760;

/// Where `docker.secrets` looks unless the settings say otherwise.
pub const DOCKER_SECRETS_PATH: &str = "/run/secrets";

/// What a file backend reads, with defaults in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSettings<'a> {
    /// The file (`file.json`, `file.yaml`) or the folder (`file.text`, `k8s.file`, `docker.secrets`), as
    /// written. Empty if not given.
    pub path: &'a str,
    /// The largest file that is read, in bytes. Never zero.
    pub max_file_size: u64,
}

impl<'a> FileSettings<'a> {
    /// The settings of a file backend; nothing if the type is not one.
    ///
    /// ```
    /// use portcullis_compat::{json, settings::{self, FileSettings}};
    ///
    /// let schema = settings::schema("docker.secrets").ok_or("no such type")?;
    /// let decoded = settings::decode(schema, &json::parse(br#"{"max_file_read_size":-1}"#)?)?;
    /// let files = FileSettings::of(schema, &decoded).ok_or("no file type")?;
    /// assert_eq!((files.path, files.max_file_size), ("/run/secrets", 10_485_760));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(schema: &Schema, settings: &'a Decoded) -> Option<Self> {
        let path = match schema.name {
            "file.json" | "file.yaml" => settings.string("file_path"),
            // The default is for an absent key: one that is there but empty is refused later, as any empty
            // path.
            "docker.secrets" if !settings.is_given("secrets_path") => DOCKER_SECRETS_PATH,
            "file.text" | "k8s.file" | "docker.secrets" => settings.string("secrets_path"),
            _ => return None,
        };
        let max_file_size = match u64::try_from(settings.int("max_file_read_size")) {
            Ok(size) if size > 0 => size,
            _ => DEFAULT_MAX_FILE_SIZE,
        };
        Some(Self { path, max_file_size })
    }
}
