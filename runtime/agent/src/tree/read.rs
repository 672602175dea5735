//! The text as a tree.

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Kind, MAX_DEPTH, Node, TreeError};

/// The documents of a stream.
pub(crate) fn read(text: &str) -> Result<Vec<Node>, TreeError> {
    let mut documents = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| TreeError::NotYaml { line: error.marker().line() })?;
        let done = match event {
            Event::Scalar(value, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                Node { anchor: some(anchor), kind: Kind::Scalar { text: value.into_owned(), plain } }
            }
            Event::Alias(anchor) => Node { anchor: None, kind: Kind::Alias(anchor) },
            Event::SequenceStart(_, anchor, _) => {
                enter(&mut open, anchor, Inside::List(Vec::new()))?;
                continue;
            }
            Event::MappingStart(_, anchor, _) => {
                enter(&mut open, anchor, Inside::Map { entries: Vec::new(), key: None })?;
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
    inside: Inside,
}

enum Inside {
    List(Vec<Node>),
    Map { entries: Vec<(Node, Node)>, key: Option<Node> },
}

fn enter(open: &mut Vec<Open>, anchor: usize, inside: Inside) -> Result<(), TreeError> {
    if open.len() >= MAX_DEPTH {
        return Err(TreeError::TooDeep { limit: MAX_DEPTH });
    }
    open.push(Open { anchor: some(anchor), inside });
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
        Node { anchor: self.anchor, kind }
    }
}

/// The parser's anchor numbers begin at 1; 0 says that there is none.
fn some(anchor: usize) -> Option<usize> {
    (anchor != 0).then_some(anchor)
}
