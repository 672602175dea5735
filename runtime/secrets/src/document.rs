//! A configuration text, its handles and where they are, and the text with values in their places.

mod cursor;
mod edit;
mod encoding;
mod findings;
mod path;
mod place;
mod prefilter;
mod splice;
mod templates;
mod trail;
mod variables;

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::handle::Handle;
use crate::scan_error::{ScanError, ScanErrorKind};
use crate::{json, yaml};
pub(crate) use cursor::Cursor;
pub(crate) use edit::{Edit, Replacement};
pub(crate) use findings::Findings;
pub(crate) use path::NodeId;
pub(crate) use place::{HandleId, Record};
pub(crate) use trail::Trail;

pub use path::Path;
pub use place::Place;
pub use variables::Variables;

/// How to read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// YAML 1.2, with the leniency of the agents' own parsers; every document of a stream.
    Yaml,
    /// JSON, strictly: one value, nothing after it.
    Json,
    /// JSON if the name ends in `.json` or the text is JSON; else YAML. The default.
    #[default]
    Detect,
}

/// A scanned text: where every `ENC[handle]` is, ready to be replaced.
///
/// A reference is the whole of a string that is a map's value or a list's item, at any depth, in any document of a
/// YAML stream. Map keys are never references. A text that is only a scalar, or empty, has none.
///
/// ```
/// use std::collections::BTreeMap;
/// use portcullis_secrets::{Document, Format};
///
/// let text = b"password: ENC[db]  # rotated monthly\n";
/// let document = Document::scan("datadog.yaml", text, Format::Detect)?;
/// let handle = document.handles()[0].clone();
/// let values = BTreeMap::from([(handle, "s3cr\"t".into())]);
/// assert_eq!(&*document.splice(&values), b"password: \"s3cr\\\"t\"  # rotated monthly\n");
/// # Ok::<(), portcullis_secrets::ScanError>(())
/// ```
pub struct Document<'a> {
    bytes: &'a [u8],
    findings: Arc<Findings>,
}

impl<'a> Document<'a> {
    /// Finds the references in a text.
    ///
    /// `name` is what errors call the text (a file name, `-`), and with [`Format::Detect`] its `.json` ending counts.
    ///
    /// # Errors
    /// The text is not UTF-8, or is not what `format` says. A text that cannot hold a reference (it has no `ENC[` and
    /// no escape that could spell one) is not parsed, so of such a text only the encoding is checked.
    pub fn scan(name: &str, bytes: &'a [u8], format: Format) -> Result<Self, ScanError> {
        let at = |(line, column, kind)| ScanError::new(name, line, column, kind);
        let text = encoding::utf8(bytes).map_err(at)?;
        let findings = if prefilter::may_hold_reference(bytes) {
            read(name, text, format).map_err(at)?
        } else {
            Findings::default()
        };
        Ok(Self { bytes, findings: Arc::new(findings) })
    }

    /// A text in which this was found before: the very same text.
    pub(crate) fn found(bytes: &'a [u8], findings: Arc<Findings>) -> Self {
        Self { bytes, findings }
    }

    pub(crate) fn findings(&self) -> &Arc<Findings> {
        &self.findings
    }

    /// The same text, with the template variables in its handles replaced: from here on its handles are those that are
    /// meant. Instances of a check that say another `%%host%%` use another handle, though the text says the same.
    ///
    /// ```
    /// use portcullis_secrets::{Document, Format, Variables};
    ///
    /// let text = b"instances:\n  - { host: db1, user: 'ENC[user_%%host%%]' }\n  - { host: db2, user: 'ENC[%%env%%_%%host%%]' }\n";
    /// let variables = Variables::new(|name| (name == "env").then(|| "prod".to_owned()));
    /// let document = Document::scan("mysql", text, Format::Detect)?.expand(&variables);
    /// let handles: Vec<&str> = document.handles().iter().map(|handle| handle.as_str()).collect();
    /// assert_eq!(handles, ["user_db1", "prod_db2"]);
    /// # Ok::<(), portcullis_secrets::ScanError>(())
    /// ```
    #[must_use]
    pub fn expand(self, variables: &Variables) -> Self {
        if !self.findings.has_templates() {
            return self;
        }
        let findings = Arc::unwrap_or_clone(self.findings).expanded(variables);
        Self { findings: Arc::new(findings), ..self }
    }

    /// Each handle once, in the order in which the text first names them: the batch to resolve.
    #[must_use]
    pub fn handles(&self) -> &[Handle] {
        self.findings.handles()
    }

    /// Every place where a handle is used, in the order of the text.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.findings.places()
    }

    /// The text with every reference replaced whose handle has a value, and nothing else changed.
    ///
    /// A reference without a value keeps its `ENC[…]`. A value is written as one double-quoted line that YAML 1.1,
    /// YAML 1.2 and JSON all read as exactly that string; it is never looked at again, so a value that itself
    /// looks like a reference is only a string. With no values the result is the text, byte for byte.
    #[must_use]
    pub fn splice(&self, values: &BTreeMap<Handle, SecretString>) -> Zeroizing<Vec<u8>> {
        self.splice_with(|handle| values.get(handle))
    }

    /// [`splice`](Self::splice), with the values from wherever they are kept. Asks once for each handle.
    #[must_use]
    pub fn splice_with<'v>(&self, value: impl Fn(&Handle) -> Option<&'v SecretString>) -> Zeroizing<Vec<u8>> {
        splice::splice(self.bytes, &self.findings, value)
    }
}

/// Shows how much there is, not what: a configuration may hold secrets of its own.
impl Debug for Document<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.bytes.len())
            .field("handles", &self.findings.handles())
            .field("places", &self.findings.place_count())
            .finish()
    }
}

/// How many lists and maps inside each other are read. Both readers work without recursion and in time proportional
/// to the text; the limit bounds the memory for what is open (well below 100 bytes a level).
pub(crate) const MAX_DEPTH: usize = 200_000;

/// Line, column (both from 1) and what is wrong there: an error before the text's name is known.
pub(crate) type Fault = (usize, usize, ScanErrorKind);

fn read(name: &str, text: &str, format: Format) -> Result<Findings, Fault> {
    match format {
        Format::Json => json::read(text),
        Format::Yaml => yaml::read(text),
        Format::Detect if ends_in_json(name) => json::read(text),
        Format::Detect if starts_like_json(text) => json::read(text).or_else(|_| yaml::read(text)),
        Format::Detect => yaml::read(text),
    }
}

fn ends_in_json(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn starts_like_json(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with(['{', '['])
}
