//! The shared files of AWS's tools: sections of keys.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// The keys of one section.
pub(super) type Section = BTreeMap<String, Zeroizing<String>>;

/// Sections by profile. The two files name them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `[default]`, `[profile NAME]`; other sections are none of a profile.
    Config,
    /// `[NAME]`.
    Credentials,
}

/// Reads a file. What is no section and no key is passed over, as AWS's own tools do: none of it can become a key.
pub(super) fn read(text: &str, form: Form, profiles: &mut BTreeMap<String, Section>) {
    let mut current: Option<String> = None;
    for line in text.lines() {
        // A line that is moved in belongs to the key above, which is a table of its own.
        if line.starts_with([' ', '\t', '#', ';']) || line.trim().is_empty() {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            current = header.split_once(']').and_then(|(name, _)| profile(name.trim(), form));
            if let Some(name) = &current {
                profiles.entry(name.clone()).or_default();
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        if let Some(section) = current.as_ref().and_then(|name| profiles.get_mut(name)) {
            let value = [" #", " ;", "\t#", "\t;"]
                .iter()
                .filter_map(|mark| value.split_once(mark).map(|(before, _)| before))
                .min_by_key(|before| before.len())
                .unwrap_or(value);
            section.insert(key.trim().to_ascii_lowercase(), Zeroizing::new(value.trim().to_owned()));
        }
    }
}

/// The profile that a section is of.
fn profile(header: &str, form: Form) -> Option<String> {
    match form {
        Form::Credentials => Some(header.to_owned()),
        Form::Config if header == "default" => Some(header.to_owned()),
        Form::Config => {
            let name = header.strip_prefix("profile")?;
            name.starts_with([' ', '\t']).then(|| name.trim().to_owned())
        }
    }
}
