//! Endpoints and words that credentials of clouds have in common.

use crate::document::{Field, FileError, quoted};
use crate::network::{Origin, Scheme};

/// An endpoint that is asked for a credential, in place of the one that everybody has. Secrets go there: TLS, or this machine.
pub(super) fn endpoint(field: &Field<'_>) -> Result<Origin, FileError> {
    let origin: Origin = field.parsed("an origin such as `https://sts.example`", str::parse)?;
    if origin.wildcard_suffix().is_some() {
        return Err(field.error("a credential is asked for at one origin: remove the `*`"));
    }
    if origin.scheme() == Scheme::Http && !origin.is_loopback() {
        return Err(field.error("secrets go there: write `https://`, or name this machine"));
    }
    Ok(origin)
}

/// An identifier, which goes into URLs and forms: one word of a bounded length.
pub(super) fn word(field: &Field<'_>, what: &str, more: &[u8]) -> Result<String, FileError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || more.contains(&b);
    field.parsed(what, |text| {
        let fits = !text.is_empty() && text.len() <= 2048 && text.bytes().all(plain);
        fits.then(|| text.to_owned()).ok_or_else(|| {
            let more: Vec<String> = more.iter().map(|b| format!("`{}`", char::from(*b))).collect();
            let more = if more.is_empty() { String::new() } else { format!(" and {}", more.join(" ")) };
            format!("{} is not {what}: use letters, digits{more}", quoted(text))
        })
    })
}
