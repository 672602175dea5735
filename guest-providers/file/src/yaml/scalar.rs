//! What a scalar is as a string.

use std::rc::Rc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use granit_parser::{ScalarStyle, Tag};
use portcullis_compat::go;

/// Base64 as Go takes it: padded, with stray bits at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// A scalar as the parser hands it over.
#[derive(Clone, Copy)]
pub(super) struct Scalar<'a> {
    pub(super) text: &'a str,
    pub(super) style: ScalarStyle,
    pub(super) tag: Option<&'a Tag>,
}

/// A `!!binary` scalar that is not base64.
#[derive(Debug)]
pub(super) struct NotBase64;

impl Scalar<'_> {
    /// Its string: the source text, but for nulls and binary.
    pub(super) fn string(self) -> Result<Rc<str>, NotBase64> {
        match self.tag.and_then(standard) {
            Some("binary") => {
                let text: String = self.text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
                let bytes = BASE64.decode(text).map_err(|_| NotBase64)?;
                Ok(go::lossy(&bytes).into())
            }
            _ if self.is_null() => Ok("".into()),
            _ => Ok(self.text.into()),
        }
    }

    /// `<<` as a key: unquoted, and with no tag but its own.
    pub(super) fn is_merge(self) -> bool {
        self.text == "<<"
            && match self.tag {
                None => self.style == ScalarStyle::Plain,
                Some(tag) => is_unspecific(tag) || standard(tag) == Some("merge"),
            }
    }

    /// A null by its text, where its text decides its type.
    pub(super) fn is_null(self) -> bool {
        let resolved = match self.tag {
            None => self.style == ScalarStyle::Plain,
            Some(tag) => is_unspecific(tag) || standard(tag) == Some("null"),
        };
        resolved && matches!(self.text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// The short name of its type, for a message.
    pub(super) fn short_tag(self) -> String {
        self.tag.map_or_else(|| "!!str".to_owned(), short)
    }
}

/// `!!map` for the standard tags, and others as they are.
pub(super) fn short(tag: &Tag) -> String {
    match standard(tag) {
        Some(name) => format!("!!{name}"),
        None => format!("{}{}", tag.handle(), tag.suffix()),
    }
}

/// The name of one of YAML's own tags.
fn standard(tag: &Tag) -> Option<&str> {
    const PREFIX: &str = "tag:yaml.org,2002:";
    if tag.handle() == PREFIX { Some(tag.suffix()) } else { tag.suffix().strip_prefix(PREFIX) }
}

/// The tag `!`, which leaves the type to the text, quoted or not.
fn is_unspecific(tag: &Tag) -> bool {
    matches!((tag.handle(), tag.suffix()), ("!", "") | ("", "!"))
}
