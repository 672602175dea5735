//! What is written to standard output.

use std::collections::BTreeMap;
use std::fmt;

use crate::json::{quoted_len, write_string};

/// One outcome for each handle: a value or an error text. A handle that is put in again takes the later
/// outcome.
///
/// ```
/// let mut answer = portcullis_compat::exec::Answer::default();
/// answer.insert("db", Ok("hunter2"));
/// answer.insert("api", Err("backend does not provide requested secret"));
/// let mut out = String::new();
/// answer.render_into(&mut out);
/// assert_eq!(
///     out,
///     r#"{"api":{"value":null,"error":"backend does not provide requested secret"},"db":{"value":"hunter2","error":null}}"#
/// );
/// ```
#[derive(Clone, Default)]
pub struct Answer<'a> {
    outcomes: BTreeMap<&'a str, Result<&'a str, &'a str>>,
}

impl<'a> Answer<'a> {
    /// Sets what became of a handle.
    pub fn insert(&mut self, handle: &'a str, outcome: Result<&'a str, &'a str>) {
        self.outcomes.insert(handle, outcome);
    }

    /// Appends the answer: compact JSON, handles in the order of their bytes, no newline.
    ///
    /// The room is reserved at once, so that `out` is the only copy of the values and the caller can wipe it.
    pub fn render_into(&self, out: &mut String) {
        out.reserve(self.rendered_len());
        for (at, (handle, outcome)) in self.outcomes.iter().enumerate() {
            out.push(if at == 0 { '{' } else { ',' });
            write_string(out, handle);
            match outcome {
                Ok(value) => {
                    out.push_str(":{\"value\":");
                    write_string(out, value);
                    out.push_str(",\"error\":null}");
                }
                Err(error) => {
                    out.push_str(":{\"value\":null,\"error\":");
                    write_string(out, error);
                    out.push('}');
                }
            }
        }
        out.push_str(if self.outcomes.is_empty() { "{}" } else { "}" });
    }

    /// The number of bytes that [`render_into`](Self::render_into) appends.
    #[must_use]
    pub fn rendered_len(&self) -> usize {
        let around = "{\"value\":,\"error\":null},:".len();
        let members = self.outcomes.iter().map(|(handle, outcome)| {
            let (Ok(text) | Err(text)) = outcome;
            quoted_len(handle) + quoted_len(text) + around
        });
        // Two braces; one comma less than there are handles.
        (members.sum::<usize>() + 2).saturating_sub(usize::from(!self.outcomes.is_empty()))
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = self.outcomes.iter().map(|(handle, outcome)| (handle, outcome.map(|_| "********")));
        f.debug_map().entries(redacted).finish()
    }
}
