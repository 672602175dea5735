//! From events to the map.

use std::collections::BTreeMap;
use std::rc::Rc;

use granit_parser::Event;

use super::Error;
use super::error::Faults;
use super::events::Events;
use super::node::{Anchors, Entries, Node};
use super::scalar::Scalar;

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
        match walk.events.next()? {
            (Event::StreamStart | Event::DocumentStart(..), _) => {}
            (Event::StreamEnd | Event::DocumentEnd, _) => break,
            (event, line) => walk.document(event, line, &mut |key, value| {
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

/// Where entries go, one by one.
type Put<'a> = &'a mut dyn FnMut(Rc<str>, Rc<str>);

/// A walk over one document.
struct Walk<'a> {
    events: Events<'a>,
    anchors: Anchors,
    faults: Faults,
    /// The first fault of meaning. Reading goes on: a fault of syntax goes before it.
    fatal: Option<String>,
}

impl<'a> Walk<'a> {
    fn over(text: &'a str) -> Self {
        Self { events: Events::of(text), anchors: Anchors::default(), faults: Faults::default(), fatal: None }
    }

    /// The root of the document.
    fn document(&mut self, event: Event<'a>, line: usize, put: Put<'_>) -> Result<(), Error> {
        match event {
            Event::MappingStart(_, anchor, tag) => {
                // An alias inside to the whole finds a map that has no end yet.
                self.anchors.keep(anchor, || Node::map(line, tag.as_deref()));
                self.entries(put, 0)
            }
            Event::Scalar(text, style, _, tag) => {
                let scalar = Scalar { text: &text, style, tag: tag.as_deref() };
                if !scalar.is_null() {
                    // The replaced library quotes the scalar; it may be a secret.
                    self.faults.add(line, &scalar.short_tag(), DOCUMENT);
                }
                Ok(())
            }
            event => {
                if let Node::Map(place, _) | Node::List(place) = self.node(event, line)? {
                    self.faults.add(place.line, &place.tag, DOCUMENT);
                }
                Ok(())
            }
        }
    }

    /// The entries of a map, up to its end.
    fn entries(&mut self, put: Put<'_>, depth: usize) -> Result<(), Error> {
        loop {
            let (event, line) = self.events.next()?;
            match &event {
                Event::MappingEnd => return Ok(()),
                Event::Scalar(text, style, _, tag)
                    if (Scalar { text, style: *style, tag: tag.as_deref() }).is_merge() =>
                {
                    self.merge(put, depth)?;
                }
                _ => {
                    let key = self.node(event, line)?;
                    let key = self.string(key);
                    let (event, line) = self.events.next()?;
                    let value = self.node(event, line)?;
                    // A value under a key that is none is not looked at.
                    if let Some(key) = key
                        && let Some(value) = self.string(value)
                    {
                        put(key, value);
                    }
                }
            }
        }
    }

    /// What stands after `<<`: a map, an alias of one, or a list of these, of which the first counts most.
    fn merge(&mut self, put: Put<'_>, depth: usize) -> Result<(), Error> {
        let (event, line) = self.events.next()?;
        let mut all = Vec::new();
        if let Event::SequenceStart(_, anchor, tag) = event {
            self.anchors.keep(anchor, || Node::list(line, tag.as_deref()));
            loop {
                let (event, line) = self.events.next()?;
                if event == Event::SequenceEnd {
                    break;
                }
                all.push(self.merged(event, line, depth)?);
            }
        } else {
            all.push(self.merged(event, line, depth)?);
        }
        for (key, value) in all.iter().rev().flat_map(|entries| entries.iter()) {
            put(key.clone(), value.clone());
        }
        Ok(())
    }

    /// The entries of one map that is merged.
    fn merged(&mut self, event: Event<'a>, line: usize, depth: usize) -> Result<Entries, Error> {
        if let Event::MappingStart(_, anchor, tag) = event {
            if depth == MERGE_DEPTH {
                return Err(Error::Meaning(format!("more than {MERGE_DEPTH} merges in one another")));
            }
            let open = Node::map(line, tag.as_deref());
            self.anchors.keep(anchor, || open.clone());
            let mut entries = Vec::new();
            self.entries(&mut |key, value| entries.push((key, value)), depth + 1)?;
            let entries: Entries = entries.into();
            if let Node::Map(place, _) = open {
                self.anchors.keep(anchor, || Node::Map(place, Some(entries.clone())));
            }
            return Ok(entries);
        }
        match self.node(event, line)? {
            // One that was met as a value has made the file unusable already, and its entries were not kept.
            Node::Map(_, entries) => Ok(entries.unwrap_or_default()),
            Node::Text(_) | Node::List(_) => {
                self.fail("map merge requires map or sequence of maps as the value");
                Ok(Entries::default())
            }
        }
    }

    /// Any node, to its end.
    fn node(&mut self, event: Event<'a>, line: usize) -> Result<Node, Error> {
        match event {
            Event::Alias(id) => Ok(self.anchors.get(id)),
            Event::Scalar(text, style, anchor, tag) => {
                let string = (Scalar { text: &text, style, tag: tag.as_deref() }).string();
                if string.is_err() {
                    self.fail("!!binary value contains invalid base64 data");
                }
                let node = Node::Text(string.ok());
                self.anchors.keep(anchor, || node.clone());
                Ok(node)
            }
            Event::MappingStart(_, anchor, tag) => self.collection(anchor, Node::map(line, tag.as_deref())),
            Event::SequenceStart(_, anchor, tag) => self.collection(anchor, Node::list(line, tag.as_deref())),
            _ => Ok(Node::Text(None)),
        }
    }

    /// A map or a list where none may be: noted by the caller, and passed over without keeping what is in it, but for what
    /// an alias may name.
    fn collection(&mut self, anchor: usize, node: Node) -> Result<Node, Error> {
        self.anchors.keep(anchor, || node.clone());
        let mut open = 1_usize;
        while open > 0 {
            let (event, line) = self.events.next()?;
            match event {
                Event::MappingEnd | Event::SequenceEnd => open -= 1,
                Event::MappingStart(_, anchor, tag) => {
                    open += 1;
                    self.anchors.keep(anchor, || Node::map(line, tag.as_deref()));
                }
                Event::SequenceStart(_, anchor, tag) => {
                    open += 1;
                    self.anchors.keep(anchor, || Node::list(line, tag.as_deref()));
                }
                Event::Scalar(_, _, anchor, _) => self.anchors.keep(anchor, || Node::Text(None)),
                _ => {}
            }
        }
        Ok(node)
    }

    /// The string that is wanted everywhere but at the root.
    fn string(&mut self, node: Node) -> Option<Rc<str>> {
        match node {
            Node::Text(text) => text,
            Node::Map(place, _) | Node::List(place) => {
                self.faults.add(place.line, &place.tag, VALUE);
                None
            }
        }
    }

    fn fail(&mut self, message: &str) {
        self.fatal.get_or_insert_with(|| message.to_owned());
    }
}
