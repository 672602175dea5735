//! Text that came from a guest, made harmless for logs, terminals and audit records.

use std::fmt::{self, Write as _};

/// Printable, single-line text: controls, line breaks, bidirectional and invisible characters are escaped when it is
/// made, a backslash is doubled, bytes that are no UTF-8 show as `\xNN`, and the length is capped.
///
/// ```
/// use portcullis_policy::EscapedText;
/// assert_eq!(EscapedText::new("ok\u{1b}[31m\n", 64).as_str(), r"ok\u{1b}[31m\n");
/// assert_eq!(EscapedText::new("abcdef", 3).as_str(), "abc…");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct EscapedText(String);

impl EscapedText {
    /// Escapes at most `cap` bytes of `text`; a cut is marked with `…`.
    pub fn new(text: &str, cap: usize) -> Self {
        let mut out = Output::new(cap);
        out.push(text);
        Self(out.finish())
    }

    /// The same for bytes of unknown encoding.
    pub fn from_bytes(bytes: &[u8], cap: usize) -> Self {
        let mut out = Output::new(cap);
        for chunk in bytes.utf8_chunks() {
            out.push(chunk.valid());
            for byte in chunk.invalid() {
                out.push_escape(1, format_args!("\\x{byte:02x}"));
            }
        }
        Self(out.finish())
    }

    /// Takes text that another process of ours says it has escaped: whatever should have been is escaped here, and a
    /// backslash stays one.
    ///
    /// ```
    /// use portcullis_policy::EscapedText;
    /// let made = EscapedText::new("a\\b\n\u{1b}", 64);
    /// assert_eq!(EscapedText::received(made.as_str(), 64), made);
    /// assert_eq!(EscapedText::received("a\nb", 64).as_str(), r"a\nb");
    /// ```
    pub fn received(text: &str, cap: usize) -> Self {
        let mut out = Output::new(cap);
        for part in text.split_inclusive('\\') {
            let plain = part.strip_suffix('\\');
            out.push(plain.unwrap_or(part));
            if plain.is_some() {
                out.push_escape(1, format_args!("\\"));
            }
        }
        Self(out.finish())
    }

    /// The escaped text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EscapedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The escaped text so far, and how many more input bytes it takes.
struct Output {
    text: String,
    left: usize,
    cut: bool,
}

impl Output {
    const fn new(cap: usize) -> Self {
        Self { text: String::new(), left: cap, cut: false }
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' => self.push_escape(1, format_args!("\\n")),
                '\r' => self.push_escape(1, format_args!("\\r")),
                '\t' => self.push_escape(1, format_args!("\\t")),
                '\\' => self.push_escape(1, format_args!("\\\\")),
                c if is_deceptive(c) => {
                    self.push_escape(c.len_utf8(), format_args!("\\u{{{:x}}}", u32::from(c)));
                }
                c => self.push_escape(c.len_utf8(), format_args!("{c}")),
            }
            if self.cut {
                return;
            }
        }
    }

    fn push_escape(&mut self, cost: usize, escaped: fmt::Arguments<'_>) {
        match self.left.checked_sub(cost) {
            Some(left) if !self.cut => {
                self.left = left;
                // Writing to a String cannot fail.
                let _ = self.text.write_fmt(escaped);
            }
            _ => self.cut = true,
        }
    }

    fn finish(mut self) -> String {
        if self.cut {
            self.text.push('…');
        }
        self.text
    }
}

/// Characters that move the cursor, reorder or hide what a reader sees.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
