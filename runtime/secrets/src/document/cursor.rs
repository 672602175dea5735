//! Lines and columns of offsets that only grow.

/// A position in a text that moves forward only, so that all positions together cost one pass over the text.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, offset: 0, line: 1, column: 1 }
    }

    /// Line and column (from 1, in characters) of an offset at or after the last one. A byte order mark has no width.
    pub(crate) fn advance_to(&mut self, offset: usize) -> (usize, usize) {
        let passed = self.text.get(self.offset..offset).unwrap_or("");
        let mut rest = passed.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\r' if rest.peek() == Some(&'\n') => {}
                '\r' | '\n' => (self.line, self.column) = (self.line + 1, 1),
                '\u{feff}' => {}
                _ => self.column += 1,
            }
        }
        self.offset = offset;
        (self.line, self.column)
    }
}
