//! The text with values in the places of references.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::edit::{Edit, Replacement};
use super::findings::Findings;
use crate::handle::Handle;
use crate::quote;

/// Applies the edits whose handle has a value.
///
/// The buffer is made in its final size first: one that grew would leave copies of values behind in freed memory.
pub(super) fn splice<'v>(
    bytes: &[u8],
    findings: &Findings,
    value: impl Fn(&Handle) -> Option<&'v SecretString>,
) -> Zeroizing<Vec<u8>> {
    let by_id: Vec<Option<&str>> =
        findings.handles().iter().map(|handle| value(handle).map(ExposeSecret::expose_secret)).collect();
    let edits: Vec<(&Edit, &str)> = findings
        .edits()
        .iter()
        .filter_map(|edit| {
            Some((edit, replacement(edit, by_id.get(edit.handle.index()).copied().flatten()?)))
        })
        .collect();

    let removed: usize = edits.iter().map(|(edit, _)| edit.range.len()).sum();
    let added: usize = edits.iter().map(|(edit, text)| length(edit, text)).sum();
    let mut out =
        Zeroizing::new(Vec::with_capacity(bytes.len().saturating_sub(removed).saturating_add(added)));
    let mut done = 0;
    for (edit, text) in edits {
        out.extend_from_slice(bytes.get(done..edit.range.start).unwrap_or_default());
        if !matches!(edit.with, Replacement::Nothing) {
            quote::write(&mut out, text);
        }
        done = edit.range.end;
    }
    out.extend_from_slice(bytes.get(done..).unwrap_or_default());
    out
}

fn replacement<'t>(edit: &'t Edit, value: &'t str) -> &'t str {
    match &edit.with {
        Replacement::Value => value,
        Replacement::Nothing => "",
        Replacement::Text(text) => text,
    }
}

fn length(edit: &Edit, text: &str) -> usize {
    match edit.with {
        Replacement::Nothing => 0,
        Replacement::Value | Replacement::Text(_) => quote::length(text),
    }
}
