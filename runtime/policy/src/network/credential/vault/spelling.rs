//! How names are written that stand in the path or in the head of a login.

use crate::document::quoted;

/// A namespace or a mount: segments of plain letters, so that no server reads it in two ways.
pub(super) fn path(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let segment = |text: &str| !matches!(text, "" | "." | "..") && text.bytes().all(plain);
    let fits = text.len() <= 256 && text.split('/').all(segment);
    fits.then(|| text.to_owned()).ok_or_else(|| {
        format!("{} cannot be: write letters, digits, `-`, `_` and `.`, with `/` between", quoted(text))
    })
}

/// A mount, as `vault auth list` shows it, without its last slash.
pub(super) fn mount(text: &str) -> Result<String, String> {
    if text.starts_with("auth/") || text.ends_with("/login") {
        return Err(format!(
            "{} is the path of a login: write the mount without `auth/` and `/login`",
            quoted(text)
        ));
    }
    path(text)
}

/// A user. The name is one segment of a path, in which everything else is escaped.
pub(super) fn user(text: &str) -> Result<String, String> {
    let fits = !matches!(text, "" | "." | "..")
        && text.len() <= 512
        && !text.contains('/')
        && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned()).ok_or_else(|| format!("{} is no user's name", quoted(text)))
}

/// A role, or the name of a server.
pub(super) fn word(text: &str) -> Result<String, String> {
    let fits = (1..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("{} is no such name: write printable ASCII without spaces", quoted(text)))
}

/// A region of AWS: a label of a host name.
pub(super) fn region(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fits = (1..=63).contains(&text.len())
        && text.bytes().all(plain)
        && !text.starts_with('-')
        && !text.ends_with('-');
    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("{} is no region: write it as `eu-west-1`", quoted(text)))
}
