//! The parser's events, each node with its tag, anchor and place in the text.

use std::borrow::Cow;
use std::iter::Peekable;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, options};

use crate::document::{Fault, MAX_DEPTH};
use crate::scan_error::ScanErrorKind;

/// A piece of a YAML stream.
pub(super) enum Node<'t> {
    Scalar(Scalar<'t>),
    Alias { anchor: AnchorId, source: Source },
    Start { kind: Container, anchor: Option<AnchorId> },
    End,
}

/// The parser's number for an anchor; a name that is used again, also in another document, gets another number.
pub(super) type AnchorId = usize;

/// A kind of container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    List,
    Map,
}

/// A scalar and what belongs to it.
pub(super) struct Scalar<'t> {
    pub(super) value: Cow<'t, str>,
    pub(super) style: ScalarStyle,
    pub(super) anchor: Option<AnchorId>,
    pub(super) tag: Option<Range<usize>>,
    pub(super) source: Source,
    /// Where everything before the scalar ends: other nodes, and its own tag and anchor.
    pub(super) after: usize,
}

impl Scalar<'_> {
    /// It says that there is nothing.
    pub(super) fn is_null(&self) -> bool {
        self.style == ScalarStyle::Plain && matches!(&*self.value, "" | "~" | "null" | "Null" | "NULL")
    }
}

/// Where a node is.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) range: Range<usize>,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The nodes of a stream, in the order of the text.
pub(super) struct Nodes<'t> {
    text: &'t str,
    events: Peekable<Parser<'t, StrInput<'t>>>,
    /// Where the last node, tag or anchor so far ends.
    passed: usize,
}

impl<'t> Nodes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let options = options! {
            emit_anchor_events: true,
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        Self { text, events: Parser::new_from_str_with_options(text, options).peekable(), passed: 0 }
    }

    fn node(&mut self, event: Event<'t>, span: Span) -> Result<Option<Node<'t>>, Fault> {
        let source = source(&span)?;
        let end = source.range.end;
        let node = match event {
            Event::Alias(anchor) => Node::Alias { anchor, source },
            Event::Scalar(value, style, anchor, _) => {
                let anchor = some(anchor);
                let tag = self.pass_properties(&span, anchor)?;
                Node::Scalar(Scalar { value, style, anchor, tag, source, after: self.passed })
            }
            Event::SequenceStart(_, anchor, _) => {
                let anchor = some(anchor);
                self.pass_properties(&span, anchor)?;
                Node::Start { kind: Container::List, anchor }
            }
            Event::MappingStart(_, anchor, _) => {
                let anchor = some(anchor);
                self.pass_properties(&span, anchor)?;
                Node::Start { kind: Container::Map, anchor }
            }
            Event::SequenceEnd | Event::MappingEnd => Node::End,
            _ => return Ok(None),
        };
        self.passed = self.passed.max(end);
        Ok(Some(node))
    }

    /// Goes past the tag of the node and its anchor, which the parser reports after it. Says where the tag is.
    fn pass_properties(
        &mut self,
        span: &Span,
        anchor: Option<AnchorId>,
    ) -> Result<Option<Range<usize>>, Fault> {
        // Looking ahead moves every event once more.
        let anchor = match anchor.and_then(|_| self.events.peek()) {
            Some(Ok((Event::Anchor(..), anchor))) => Some(source(anchor)?.range),
            _ => None,
        };
        let tag = match (span.tag_span(), span.tag_start()) {
            (Some(tag), _) => Some(source(&tag)?.range),
            (None, Some(start)) => return Err(no_position(start)),
            (None, None) => None,
        };
        for range in [&anchor, &tag].into_iter().flatten() {
            self.passed = self.passed.max(range.end);
        }
        Ok(tag)
    }
}

impl<'t> Iterator for Nodes<'t> {
    type Item = Result<Node<'t>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let node = match self.events.next()? {
                Ok((event, span)) => self.node(event, span),
                Err(error) => Err(fault(self.text, &error)),
            };
            if let Some(node) = node.transpose() {
                return Some(node);
            }
        }
    }
}

/// The parser's anchor numbers begin at 1; 0 says that there is none.
fn some(anchor: usize) -> Option<AnchorId> {
    (anchor != 0).then_some(anchor)
}

fn source(span: &Span) -> Result<Source, Fault> {
    let range = span.byte_range().ok_or_else(|| no_position(span.start))?;
    Ok(Source { range, line: span.start.line(), column: span.start.col() + 1 })
}

/// Bytes that are not known cannot be replaced.
fn no_position(at: Marker) -> Fault {
    let message = "a tag or scalar is too long to be located".to_owned();
    (at.line(), at.col() + 1, ScanErrorKind::Yaml { message, hint: None })
}

fn fault(text: &str, error: &ScanError) -> Fault {
    let at = error.marker();
    let kind = match error.kind() {
        ErrorKind::RecursionLimitExceeded => ScanErrorKind::TooDeep { limit: MAX_DEPTH },
        _ => {
            let line = text.lines().nth(at.line().saturating_sub(1)).unwrap_or_default();
            let hint = (is_separator_missing(error.kind()) && line.contains("ENC["))
                .then_some("; between [ ] or { } a reference must be written in quotes: \"ENC[…]\"");
            ScanErrorKind::Yaml { message: error.info(), hint }
        }
    };
    (at.line(), at.col() + 1, kind)
}

/// What `[ENC[x]]` is to the parser: a list item that is followed by another list.
fn is_separator_missing(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator)
}
