//! The Kubernetes namespace that a handle names.

use std::collections::BTreeSet;

/// The namespace of the secret behind a handle, if the handle names one.
///
/// `k8s_secret@NAMESPACE/…` does; else what stands before the first `/` of what stands before the first `;`. Where that is
/// the name of a backend of Kubernetes secrets, the rule is for what follows it. Backends are found as routing finds them:
/// in lower case.
pub(super) fn namespace_of<'h>(handle: &'h str, backends: &BTreeSet<String>) -> Option<&'h str> {
    let handle = match handle.split_once(';') {
        Some((backend, rest)) if backends.contains(&backend.to_lowercase()) => rest,
        _ => handle,
    };
    let before_slash = |text: &'h str| text.split_once('/').map_or(text, |(before, _)| before);
    if let Some(rest) = handle.strip_prefix("k8s_secret@")
        && rest.contains('/')
    {
        return Some(before_slash(rest));
    }
    handle.split_once(';').map(|(before, _)| before_slash(before))
}
