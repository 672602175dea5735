//! From the parser's events to the map.

use std::collections::BTreeMap;
use std::rc::Rc;

use granit_parser::{Event, Options, Parser, Span, StrInput, Tag};

use super::Error;
use super::error::Faults;
use super::scalar::{Scalar, short};

/// The wanted type of the document, and of everything in it.
const DOCUMENT: &str = "map[string]string";
const VALUE: &str = "string";

/// How many `<<` may stand in one another. More are no configuration but an attack on the stack.
const MERGE_DEPTH: usize = 64;

/// Reads the first document. An empty stream and a null document are empty maps.
pub(super) fn first_document(
    text: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<BTreeMap<String, Rc<str>>, Error> {
    let mut walk = Walk::over(text);
    let mut map = BTreeMap::new();
    loop {
        match walk.next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (Event::StreamEnd | Event::DocumentEnd, _) => break,
            (event, span) => walk.document(event, span, &mut |key, value| {
                if wanted(&key) {
                    map.insert(key.to_string(), value);
                }
            })?,
        }
    }
    if let Some(message) = walk.fatal {
        return Err(Error::Meaning(message));
    }
    if walk.faults.is_empty() { Ok(map) } else { Err(Error::Shape(walk.faults)) }
}

/// What a key or a value turned out to be.
#[derive(Clone)]
enum Node {
    /// A scalar's string; `None` where it has none, which is noted already.
    Text(Option<Rc<str>>),
    /// A map, where it begins, and its entries if it was merged.
    Map { line: usize, tag: Rc<str>, entries: Option<Entries> },
    /// A list, and where it begins.
    List { line: usize, tag: Rc<str> },
}

/// Keys and values in their order, shared by all who merge them.
type Entries = Rc<[(Rc<str>, Rc<str>)]>;

/// Where entries go, one by one.
type Put<'a> = &'a mut dyn FnMut(Rc<str>, Rc<str>);

/// A walk over one document.
struct Walk<'a> {
    events: Parser<'a, StrInput<'a>>,
    source: &'a str,
    anchors: BTreeMap<usize, Node>,
    faults: Faults,
    /// The first fault that a map of the right shape can have. Reading goes on: a fault of syntax goes before it.
    fatal: Option<String>,
}

impl<'a> Walk<'a> {
    fn over(source: &'a str) -> Self {
        let mut options = Options::default();
        options.emit_anchor_events = true;
        let events = Parser::new_from_str_with_options(source, options);
        Self { events, source, anchors: BTreeMap::new(), faults: Faults::default(), fatal: None }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Error> {
        match self.events.next() {
            Some(Ok((event, span))) => Ok((event, span)),
            Some(Err(error)) if *error.kind() == granit_parser::ErrorKind::UnknownAnchor => {
                Err(Error::Meaning(format!(
                    "unknown anchor '{}' referenced",
                    self.name_at(error.marker().byte_offset())
                )))
            }
            Some(Err(error)) => Err(error.into()),
            None => Ok((Event::StreamEnd, Span::empty(granit_parser::Marker::new(0, 1, 0)))),
        }
    }

    /// The name of the alias at an offset.
    fn name_at(&self, offset: Option<usize>) -> &'a str {
        let rest = offset.and_then(|offset| self.source.get(offset..)).unwrap_or_default();
        let rest = rest.strip_prefix('*').unwrap_or(rest);
        rest.split(|c: char| c.is_whitespace() || ",[]{}".contains(c)).next().unwrap_or_default()
    }

    /// The root of the document.
    fn document(&mut self, event: Event<'a>, span: Span, put: Put<'_>) -> Result<(), Error> {
        match event {
            Event::MappingStart(_, anchor, tag) => {
                let (line, tag) = (self.begin(&span, anchor)?, name("!!map", tag.as_deref()));
                // An alias inside to the whole finds a map that has no end yet.
                self.anchor(anchor, || Node::Map { line, tag, entries: None });
                self.entries(put, 0)
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.begin(&span, anchor)?;
                let scalar = Scalar { text: &text, style, tag: tag.as_deref() };
                if !scalar.is_null() {
                    // The replaced library quotes the scalar; it may be a secret.
                    self.faults.add(span.start.line(), &scalar.short_tag(), DOCUMENT);
                }
                Ok(())
            }
            event => {
                if let Node::Map { line, tag, .. } | Node::List { line, tag } = self.node(event, span)? {
                    self.faults.add(line, &tag, DOCUMENT);
                }
                Ok(())
            }
        }
    }

    /// The entries of a map, up to its end.
    fn entries(&mut self, put: Put<'_>, depth: usize) -> Result<(), Error> {
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(());
            }
            if let Event::Scalar(text, style, anchor, tag) = &event
                && (Scalar { text, style: *style, tag: tag.as_deref() }).is_merge()
            {
                self.begin(&span, *anchor)?;
                self.merge(put, depth)?;
                continue;
            }
            let key = self.node(event, span)?;
            let key = self.string(key);
            let (event, span) = self.next()?;
            let value = self.node(event, span)?;
            // A value under a key that is none is not looked at.
            if let Some(key) = key
                && let Some(value) = self.string(value)
            {
                put(key, value);
            }
        }
    }

    /// What stands after `<<`: a map, an alias of one, or a list of these, of which the first counts most.
    fn merge(&mut self, put: Put<'_>, depth: usize) -> Result<(), Error> {
        let (event, span) = self.next()?;
        if !matches!(event, Event::SequenceStart(..)) {
            let entries = self.merged(event, span, depth)?;
            entries.iter().for_each(|(key, value)| put(key.clone(), value.clone()));
            return Ok(());
        }
        if let Event::SequenceStart(_, anchor, tag) = event {
            let (line, tag) = (self.begin(&span, anchor)?, name("!!seq", tag.as_deref()));
            self.anchor(anchor, || Node::List { line, tag });
        }
        let mut all = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                break;
            }
            all.push(self.merged(event, span, depth)?);
        }
        for (key, value) in all.iter().rev().flat_map(|entries| entries.iter()) {
            put(key.clone(), value.clone());
        }
        Ok(())
    }

    /// The entries of one map that is merged.
    fn merged(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Entries, Error> {
        if let Event::MappingStart(_, anchor, tag) = event {
            if depth == MERGE_DEPTH {
                return Err(Error::Meaning(format!("more than {MERGE_DEPTH} merges in one another")));
            }
            let (line, tag) = (self.begin(&span, anchor)?, name("!!map", tag.as_deref()));
            self.anchor(anchor, || Node::Map { line, tag: tag.clone(), entries: None });
            let mut entries = Vec::new();
            self.entries(&mut |key, value| entries.push((key, value)), depth + 1)?;
            let entries: Entries = entries.into();
            self.anchor(anchor, || Node::Map { line, tag, entries: Some(entries.clone()) });
            return Ok(entries);
        }
        match self.node(event, span)? {
            // One that was met as a value has made the file unusable already, and its entries were not kept.
            Node::Map { entries, .. } => Ok(entries.unwrap_or_default()),
            Node::Text(_) | Node::List { .. } => {
                self.fail("map merge requires map or sequence of maps as the value");
                Ok(Entries::default())
            }
        }
    }

    /// Any node, to its end.
    fn node(&mut self, event: Event<'a>, span: Span) -> Result<Node, Error> {
        match event {
            Event::Alias(id) => Ok(self.anchors.get(&id).cloned().unwrap_or(Node::Text(None))),
            Event::Scalar(text, style, anchor, tag) => {
                self.begin(&span, anchor)?;
                let string = (Scalar { text: &text, style, tag: tag.as_deref() }).string();
                if string.is_err() {
                    self.fail("!!binary value contains invalid base64 data");
                }
                let node = Node::Text(string.ok());
                self.anchor(anchor, || node.clone());
                Ok(node)
            }
            Event::MappingStart(_, anchor, tag) => {
                let (line, tag) = (self.begin(&span, anchor)?, name("!!map", tag.as_deref()));
                self.collection(anchor, Node::Map { line, tag, entries: None })
            }
            Event::SequenceStart(_, anchor, tag) => {
                let (line, tag) = (self.begin(&span, anchor)?, name("!!seq", tag.as_deref()));
                self.collection(anchor, Node::List { line, tag })
            }
            _ => Ok(Node::Text(None)),
        }
    }

    /// A map or a list where none may be: noted by the caller, and passed over without keeping what is in it, but for what
    /// an alias may name.
    fn collection(&mut self, anchor: usize, node: Node) -> Result<Node, Error> {
        self.anchor(anchor, || node.clone());
        let mut open = 1_usize;
        while open > 0 {
            let (event, span) = self.next()?;
            match event {
                Event::MappingEnd | Event::SequenceEnd => open -= 1,
                Event::MappingStart(_, anchor, tag) => {
                    open += 1;
                    let (line, tag) = (self.begin(&span, anchor)?, name("!!map", tag.as_deref()));
                    self.anchor(anchor, || Node::Map { line, tag, entries: None });
                }
                Event::SequenceStart(_, anchor, tag) => {
                    open += 1;
                    let (line, tag) = (self.begin(&span, anchor)?, name("!!seq", tag.as_deref()));
                    self.anchor(anchor, || Node::List { line, tag });
                }
                Event::Scalar(_, _, anchor, _) if anchor != 0 => {
                    self.begin(&span, anchor)?;
                    self.anchor(anchor, || Node::Text(None));
                }
                _ => {}
            }
        }
        Ok(node)
    }

    /// Where a node begins: at its anchor or tag, if it has one. The anchor's own event follows the node's.
    fn begin(&mut self, span: &Span, anchor: usize) -> Result<usize, Error> {
        let mut line = span.start.line();
        if let Some(tag) = span.tag_start() {
            line = line.min(tag.line());
        }
        if anchor != 0 {
            line = line.min(self.next()?.1.start.line());
        }
        Ok(line)
    }

    fn anchor(&mut self, anchor: usize, node: impl FnOnce() -> Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, node());
        }
    }

    /// The string that is wanted everywhere but at the root.
    fn string(&mut self, node: Node) -> Option<Rc<str>> {
        match node {
            Node::Text(text) => text,
            Node::Map { line, tag, .. } | Node::List { line, tag } => {
                self.faults.add(line, &tag, VALUE);
                None
            }
        }
    }

    fn fail(&mut self, message: &str) {
        self.fatal.get_or_insert_with(|| message.to_owned());
    }
}

/// A collection's short tag.
fn name(default: &str, tag: Option<&Tag>) -> Rc<str> {
    tag.map_or_else(|| default.into(), |tag| short(tag).into())
}
