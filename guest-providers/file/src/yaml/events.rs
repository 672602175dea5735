//! The parser's events, each with the line where the replaced library says that it begins.

use granit_parser::{Event, Options, Parser, Span, StrInput};

use super::Error;

/// The events of a text, one by one.
pub(super) struct Events<'a> {
    parser: Parser<'a, StrInput<'a>>,
}

impl<'a> Events<'a> {
    pub(super) fn of(source: &'a str) -> Self {
        let mut options = Options::default();
        options.emit_anchor_events = true;
        Self { parser: Parser::new_from_str_with_options(source, options) }
    }

    /// The next event and its line, from 1. After the last one, the end again and again.
    pub(super) fn next(&mut self) -> Result<(Event<'a>, usize), Error> {
        let Some((event, span)) = self.take()? else { return Ok((Event::StreamEnd, 1)) };
        // A node begins at its tag or its anchor, if it has one.
        let mut line = span.start.line();
        if let Some(tag) = span.tag_start() {
            line = line.min(tag.line());
        }
        if anchor_of(&event) != 0
            && let Some((_, anchor)) = self.take()?
        {
            line = line.min(anchor.start.line());
        }
        Ok((event, line))
    }

    fn take(&mut self) -> Result<Option<(Event<'a>, Span)>, Error> {
        Ok(self.parser.next().transpose()?)
    }
}

/// The number of the anchor that a node defines, or 0. The event that tells of the anchor itself follows such a node.
fn anchor_of(event: &Event<'_>) -> usize {
    match event {
        Event::Scalar(_, _, anchor, _)
        | Event::SequenceStart(_, anchor, _)
        | Event::MappingStart(_, anchor, _) => *anchor,
        _ => 0,
    }
}
