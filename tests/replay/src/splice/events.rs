//! A splice as the parser of YAML sees it: event by event.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, options};
use portcullis_secrets::handle_in;
use secrecy::ExposeSecret as _;

use super::Values;

/// More than any text of a fuzzer has.
const DEPTH: usize = 200_000;

/// Asserts that the events of `after` are those of `before`, but for references that have a value: each is a quoted
/// scalar without a tag that says exactly that value. An alias in a key's place keeps what it said.
pub(super) fn assert_spliced(before: &str, after: &str, values: &Values) {
    let Some(expected) = events(before) else { panic!("scanned, and not read: {before:?}") };
    let found = events(after).unwrap_or_else(|| panic!("no YAML any more: {after:?} made from {before:?}"));
    assert_eq!(found.len(), expected.len(), "{after:?} made from {before:?}");
    let mut place = Place::default();
    for ((event, span), (found, _)) in expected.into_iter().zip(found) {
        let expected = place.expected(event, span, before, values);
        assert!(found == expected, "{found:?} is not {expected:?} in {after:?} made from {before:?}");
    }
}

fn events(text: &str) -> Option<Vec<(Event<'_>, Span)>> {
    let options = options! { emit_comments: false, flow_nesting_limit: DEPTH, block_nesting_limit: DEPTH };
    Parser::new_from_str_with_options(text, options).collect::<Result<_, _>>().ok()
}

/// Where in the tree the next event is.
#[derive(Default)]
struct Place<'t> {
    open: Vec<Next>,
    /// Anchored scalars: whether among the values, and what they say.
    anchored: HashMap<usize, (bool, Cow<'t, str>)>,
}

/// What the next node of a container is; within a key everything is key.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Item { in_key: bool },
    Key { in_key: bool },
    Value { in_key: bool },
}

impl<'t> Place<'t> {
    fn expected(&mut self, event: Event<'t>, span: Span, text: &str, values: &Values) -> Event<'t> {
        let is_key = self.is_key();
        let is_value = !is_key && !self.open.is_empty();
        let value_of = |text: &str| Some(values.get(&handle_in(text)?)?.expose_secret().to_owned());
        let quoted =
            |text: String, anchor| Event::Scalar(text.into(), ScalarStyle::DoubleQuoted, anchor, None);
        match event {
            Event::Scalar(said, style, anchor, tag) => {
                self.anchored.insert(anchor, (is_value, said.clone()));
                self.passed();
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let ends = span.byte_range().is_some_and(|range| range.end == text.len());
                // The last line of a text has a line break only where the text has.
                let cut = block && ends && !text.ends_with(['\n', '\r']);
                let read = if cut { said.strip_suffix('\n').unwrap_or(&said) } else { &said };
                match value_of(read).filter(|_| is_value) {
                    Some(value) => quoted(value, anchor),
                    None => Event::Scalar(said, style, anchor, tag),
                }
            }
            Event::Alias(anchor) => {
                self.passed();
                let Some((among_values, said)) = self.anchored.get(&anchor) else {
                    return Event::Alias(anchor);
                };
                match value_of(said) {
                    Some(_) if is_key && *among_values => quoted(said.to_string(), 0),
                    Some(value) if is_value && !among_values => quoted(value, 0),
                    _ => Event::Alias(anchor),
                }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                self.open.push(match event {
                    Event::SequenceStart(..) => Next::Item { in_key: is_key },
                    _ => Next::Key { in_key: is_key },
                });
                event
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                self.passed();
                event
            }
            other => other,
        }
    }

    fn is_key(&self) -> bool {
        match self.open.last() {
            Some(Next::Key { .. }) => true,
            Some(Next::Item { in_key } | Next::Value { in_key }) => *in_key,
            None => false,
        }
    }

    /// A node is complete.
    fn passed(&mut self) {
        if let Some(next) = self.open.last_mut() {
            *next = match *next {
                Next::Item { in_key } => Next::Item { in_key },
                Next::Key { in_key } => Next::Value { in_key },
                Next::Value { in_key } => Next::Key { in_key },
            };
        }
    }
}
