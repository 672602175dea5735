//! The text as a tree.

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Kind, MAX_DEPTH, Node, TreeError, tag};

/// Who reads the tree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Agents, once it is written again: tags stay, and a block that the text ends in is what they take it for.
    Agents,
    /// People: tags go, and a scalar that had one is a string.
    People,
}

/// The documents of a stream.
pub(crate) fn read(text: &[u8], reader: For) -> Result<Vec<Node>, TreeError> {
    let text = std::str::from_utf8(text).map_err(|_| TreeError::NotUtf8)?;
    let kept = |tag: Option<&Tag>| tag.filter(|_| reader == For::Agents).map(tag::written);
    let mut documents = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| TreeError::NotYaml { line: error.marker().line() })?;
        let done = match event {
            Event::Scalar(value, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && (tag.is_none() || reader == For::Agents);
                let cut_off = reader == For::Agents && is_cut_off(text, style, span);
                let value = if cut_off { value.strip_suffix('\n').unwrap_or(&value) } else { &value };
                let kind = Kind::Scalar { text: value.to_owned(), plain };
                Node { anchor: some(anchor), tag: kept(tag.as_deref()), kind }
            }
            Event::Alias(anchor) => Kind::Alias(anchor).into(),
            Event::SequenceStart(_, anchor, tag) => {
                let inside = Inside::List(Vec::new());
                enter(&mut open, Open { anchor: some(anchor), tag: kept(tag.as_deref()), inside })?;
                continue;
            }
            Event::MappingStart(_, anchor, tag) => {
                let inside = Inside::Map { entries: Vec::new(), key: None };
                enter(&mut open, Open { anchor: some(anchor), tag: kept(tag.as_deref()), inside })?;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => closed.node(),
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            Some(container) => container.inside.add(done),
            None => documents.push(done),
        }
    }
    Ok(documents)
}

/// A container that is not complete.
struct Open {
    anchor: Option<usize>,
    tag: Option<String>,
    inside: Inside,
}

enum Inside {
    List(Vec<Node>),
    Map { entries: Vec<(Node, Node)>, key: Option<Node> },
}

fn enter(open: &mut Vec<Open>, opened: Open) -> Result<(), TreeError> {
    if open.len() >= MAX_DEPTH {
        return Err(TreeError::TooDeep { limit: MAX_DEPTH });
    }
    open.push(opened);
    Ok(())
}

impl Inside {
    fn add(&mut self, node: Node) {
        match self {
            Self::List(items) => items.push(node),
            Self::Map { entries, key } => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(node),
            },
        }
    }
}

impl Open {
    fn node(self) -> Node {
        let kind = match self.inside {
            Inside::List(items) => Kind::List(items),
            Inside::Map { entries, .. } => Kind::Map(entries),
        };
        Node { anchor: self.anchor, tag: self.tag, kind }
    }
}

/// A block scalar that the text ends in has a final line break only if its last line has: so the agents' parsers say.
fn is_cut_off(text: &str, style: ScalarStyle, span: Span) -> bool {
    let last = text.rsplit(['\n', '\r']).next().unwrap_or_default();
    matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
        && !last.trim_matches(' ').is_empty()
        && span.byte_range().is_some_and(|range| range.end == text.len())
}

/// The parser's anchor numbers begin at 1; 0 says that there is none.
fn some(anchor: usize) -> Option<usize> {
    (anchor != 0).then_some(anchor)
}
