//! The least policy that a built-in type needs, derived from its settings by the guest's own decoding rules.
//!
//! Where the settings cannot be decoded, nothing is granted and the guest is called all the same: it will say what is
//! wrong in the reference's words.

use std::path::PathBuf;

use portcullis_compat::go;
use portcullis_compat::json::Value as Settings;
use portcullis_compat::settings::{self, DEFAULT_MAX_FILE_SIZE, FileSettings};
use portcullis_policy::{Bytes, FileAccess, Grants, LimitOrigin, Mount};

/// Derives the grants of a built-in type. `key` says where the settings stand, for `explain`.
pub(super) fn grants(backend_type: &str, config: &Settings, key: &str) -> Grants {
    let Some(schema) = settings::schema(backend_type) else {
        return Grants::derived_files(
            Vec::new(),
            vec![format!("nothing: there is no backend type {backend_type:?}")],
        );
    };
    let Ok(decoded) = settings::decode(schema, config) else {
        return Grants::derived_files(Vec::new(), vec![format!("nothing: {key} cannot be decoded")]);
    };
    let Some(files) = FileSettings::of(schema, &decoded) else {
        return Grants::derived_files(Vec::new(), vec![format!("nothing: {backend_type} needs no file")]);
    };
    let (mounts, from) = match mount(files.path) {
        Some(mount) => {
            let from = format!("read {:?}, from {key} of {backend_type}", mount.guest());
            (vec![mount], from)
        }
        None => (Vec::new(), format!("nothing: {key} of {backend_type} names no path that can be granted")),
    };
    let mut grants = Grants::derived_files(mounts, vec![from]);
    if files.max_file_size != DEFAULT_MAX_FILE_SIZE {
        // One byte more than is accepted, so that the guest and not the budget says that a file is too large.
        let cap = Bytes::new(files.max_file_size.saturating_add(1));
        grants.limits.set_file_bytes(cap, LimitOrigin::Setting("max_file_read_size"));
    }
    grants
}

/// A read-only grant of the path, at the same path inside as outside: the reference's error texts contain it.
fn mount(path: &str) -> Option<Mount> {
    if path.is_empty() {
        return None;
    }
    let guest = go::clean(path);
    let host = std::path::absolute(PathBuf::from(&guest)).ok()?;
    Mount::new(host, guest, FileAccess::Read).ok()
}

#[cfg(test)]
mod tests {
    use portcullis_compat::json;

    use super::*;

    /// Type, settings, and the path that is granted.
    const ROWS: &[(&str, &str, Option<&str>)] = &[
        ("file.json", r#"{"file_path":"/etc/dd/s.json"}"#, Some("/etc/dd/s.json")),
        ("file.json", r#"{"FILE_PATH":"/etc/dd/s.json"}"#, Some("/etc/dd/s.json")),
        ("file.yaml", r#"{"file_path":"/etc//dd/./s.yaml"}"#, Some("/etc/dd/s.yaml")),
        ("file.text", r#"{"secrets_path":"/etc/secrets/"}"#, Some("/etc/secrets")),
        ("k8s.file", r#"{"secrets_path":"/etc/a/../secrets"}"#, Some("/etc/secrets")),
        ("docker.secrets", "{}", Some("/run/secrets")),
        ("docker.secrets", r#"{"secrets_path":""}"#, None),
        ("file.json", "{}", None),
        ("file.json", r#"{"file_path":42}"#, None),
        ("file.json", r#"{"file_path":"/a","max_file_read_size":"5"}"#, None),
        ("file.text", r#"{"secrets_path":"/"}"#, None),
        ("file.text", r#"{"file_path":"/etc/dd"}"#, None),
        ("hashicorp.vault", r#"{"file_path":"/etc/dd"}"#, None),
        ("nope", r#"{"file_path":"/etc/dd"}"#, None),
    ];

    #[test]
    fn the_one_path_that_the_settings_name_is_granted() {
        for (backend_type, config, expected) in ROWS {
            let config = json::parse(config.as_bytes()).unwrap();
            let grants = grants(backend_type, &config, "config");
            let mounts = grants.filesystem.granted().cloned().unwrap_or_default();
            let granted: Vec<&str> = mounts.iter().map(Mount::guest).collect();
            assert_eq!(granted, expected.iter().copied().collect::<Vec<_>>(), "{backend_type} {config:?}");
        }
    }
}
