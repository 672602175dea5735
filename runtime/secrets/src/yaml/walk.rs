//! Which nodes are values, and the references among them.

use std::borrow::Cow;

use granit_parser::ScalarStyle;

use super::anchors::{Anchored, Anchors};
use super::block;
use super::nodes::{AnchorId, Container, Node, Scalar, Source};
use super::tabs;
use crate::document::{Edit, Fault, Findings, HandleId, NodeId, Record, Replacement, Trail};
use crate::handle::handle_in;

/// How many path elements the uses through aliases of containers may add. Aliases of aliases multiply, so without a
/// bound a few lines could name more places than there is memory for.
const MAX_ALIAS_ELEMENTS: usize = 10_000;

/// Follows the nodes of a stream and notes the references.
pub(super) struct Walk<'t> {
    text: &'t str,
    open: Vec<Open>,
    /// How many containers are open inside a key. What is in a key is not a value.
    in_key: usize,
    trail: Trail<'t>,
    anchors: Anchors<'t>,
    alias_elements: usize,
    findings: Findings,
}

/// An open container.
struct Open {
    anchor: Option<AnchorId>,
    node: Option<NodeId>,
    first_record: usize,
    next: Next,
}

/// What the next node in a container is.
#[derive(Clone, Copy)]
enum Next {
    Item { index: usize, merged: bool },
    Key,
    Value { merged: bool },
}

/// What a node is to its container.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Root,
    Key,
    Value { merged: bool },
}

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            open: Vec::new(),
            in_key: 0,
            trail: Trail::default(),
            anchors: Anchors::default(),
            alias_elements: 0,
            findings: Findings::of(text),
        }
    }

    pub(super) fn into_findings(self) -> Findings {
        self.findings.finish()
    }

    pub(super) fn visit(&mut self, node: Node<'t>) -> Result<(), Fault> {
        match node {
            Node::Scalar(scalar) => self.scalar(scalar)?,
            Node::Alias { anchor, source } => self.alias(anchor, source),
            Node::Start { kind, anchor } => self.start(kind, anchor),
            Node::End => self.end(),
        }
        Ok(())
    }

    fn scalar(&mut self, scalar: Scalar<'t>) -> Result<(), Fault> {
        match self.role() {
            Role::Root => {}
            Role::Value { .. } => {
                self.value(scalar)?;
                self.done();
            }
            Role::Key => {
                let merge = scalar.style == ScalarStyle::Plain && scalar.value == "<<";
                self.anchors.remember(scalar.anchor, Anchored::Scalar(scalar.value.clone()));
                self.key(scalar.value, merge);
            }
        }
        Ok(())
    }

    /// A string among the values: a reference or not.
    fn value(&mut self, scalar: Scalar<'t>) -> Result<(), Fault> {
        let Some(handle) = handle_in(self.as_agents_read(&scalar)) else {
            if !scalar.is_null() {
                self.findings.note(&self.trail, &scalar.value);
            }
            self.anchors.remember(scalar.anchor, Anchored::Scalar(scalar.value));
            return Ok(());
        };
        let handle = self.findings.intern(handle, &self.trail);
        let source = match scalar.style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let block = block::locate(self.text, &scalar)?;
                self.findings.add_edit(Edit { range: block.lines, handle, with: Replacement::Nothing });
                block.header
            }
            ScalarStyle::Plain => {
                for range in tabs::below(self.text, scalar.source.range.end) {
                    self.findings.add_edit(Edit { range, handle, with: Replacement::Nothing });
                }
                scalar.source
            }
            _ => scalar.source,
        };
        if let Some(tag) = scalar.tag {
            let blanks = self
                .text
                .get(tag.end..)
                .map_or(0, |rest| rest.len() - rest.trim_start_matches([' ', '\t']).len());
            self.findings.add_edit(Edit {
                range: tag.start..tag.end + blanks,
                handle,
                with: Replacement::Nothing,
            });
        }
        self.findings.add_edit(Edit { range: source.range.clone(), handle, with: Replacement::Value });
        self.record(handle, &source);
        self.anchors.remember(scalar.anchor, Anchored::Reference(scalar.value, handle));
        Ok(())
    }

    /// A block scalar that the text ends in has a final line break only if the text has: so the agents' parsers say.
    fn as_agents_read<'s>(&self, scalar: &'s Scalar<'t>) -> &'s str {
        let block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
        let cut_off = block
            && scalar.source.range.end == self.text.len()
            && !self.text.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']);
        if cut_off { scalar.value.strip_suffix('\n').unwrap_or(&scalar.value) } else { &scalar.value }
    }

    fn alias(&mut self, anchor: AnchorId, source: Source) {
        match self.role() {
            Role::Root => {}
            Role::Key => {
                let key = match self.anchors.get(anchor) {
                    Some(Anchored::Scalar(text)) => text.clone(),
                    Some(Anchored::Reference(text, handle)) => {
                        let (text, handle) = (text.clone(), *handle);
                        let with = Replacement::Text(text.as_ref().into());
                        self.findings.add_edit(Edit { range: source.range, handle, with });
                        text
                    }
                    Some(Anchored::Container { .. }) | None => Cow::Borrowed("*"),
                };
                self.key(key, false);
            }
            Role::Value { merged } => {
                self.alias_value(anchor, &source, merged);
                self.done();
            }
        }
    }

    fn alias_value(&mut self, anchor: AnchorId, source: &Source, merged: bool) {
        match self.anchors.get(anchor) {
            // The anchor is in a key, which stays, so the alias itself is what changes.
            Some(Anchored::Scalar(text)) => {
                let Some(handle) = handle_in(text) else {
                    self.findings.note(&self.trail, text);
                    return;
                };
                let handle = self.findings.intern(handle, &self.trail);
                self.record(handle, source);
                self.findings.add_edit(Edit {
                    range: source.range.clone(),
                    handle,
                    with: Replacement::Value,
                });
            }
            Some(Anchored::Reference(_, handle)) => {
                let handle = *handle;
                self.record(handle, source);
            }
            Some(Anchored::Container { node, records }) => {
                let (node, records) = (*node, records.clone());
                if merged {
                    self.trail.merge();
                }
                self.record_uses_inside(node, records, source);
            }
            None => {}
        }
    }

    /// Notes the uses inside an aliased container once more, below the alias.
    fn record_uses_inside(&mut self, from: Option<NodeId>, records: std::ops::Range<usize>, source: &Source) {
        if records.is_empty() {
            return;
        }
        let to = self.trail.node(&mut self.findings.paths);
        for position in records {
            let Some(original) = self.findings.records().get(position).copied() else { return };
            let left = MAX_ALIAS_ELEMENTS.saturating_sub(self.alias_elements);
            let Some((node, added)) = self.findings.paths.transplant(original.node, from, to, left) else {
                // Once it is too much it stays so: trying each alias that follows would cost more than it lists.
                self.alias_elements = MAX_ALIAS_ELEMENTS;
                return;
            };
            self.alias_elements += added;
            self.findings.add_record(Record {
                handle: original.handle,
                node,
                line: source.line,
                column: source.column,
            });
        }
    }

    fn start(&mut self, kind: Container, anchor: Option<AnchorId>) {
        let role = self.role();
        if role == Role::Key {
            self.in_key += 1;
            self.open.push(Open { anchor: None, node: None, first_record: 0, next: Next::new(kind, false) });
            return;
        }
        let merged = role == Role::Value { merged: true };
        if merged {
            self.trail.merge();
        }
        let node = if anchor.is_some() { self.trail.node(&mut self.findings.paths) } else { None };
        let first_record = self.findings.records().len();
        self.open.push(Open { anchor, node, first_record, next: Next::new(kind, merged) });
        match kind {
            Container::List => self.trail.enter_list(),
            Container::Map => self.trail.enter_map(),
        }
    }

    fn end(&mut self) {
        let Some(closed) = self.open.pop() else { return };
        if self.in_key > 0 {
            self.in_key -= 1;
            if self.in_key == 0 {
                let shown = if matches!(closed.next, Next::Item { .. }) { "[…]" } else { "{…}" };
                self.key(Cow::Borrowed(shown), false);
            }
            return;
        }
        self.trail.leave();
        let records = closed.first_record..self.findings.records().len();
        self.anchors.remember(closed.anchor, Anchored::Container { node: closed.node, records });
        self.done();
    }

    fn role(&self) -> Role {
        match self.open.last() {
            _ if self.in_key > 0 => Role::Key,
            None => Role::Root,
            Some(Open { next: Next::Key, .. }) => Role::Key,
            Some(Open { next: Next::Item { merged, .. } | Next::Value { merged }, .. }) => {
                Role::Value { merged: *merged }
            }
        }
    }

    /// The key of the next value is known, or a piece of a larger key was passed.
    fn key(&mut self, key: Cow<'t, str>, merged: bool) {
        if self.in_key > 0 {
            return;
        }
        self.trail.key(key);
        if let Some(open) = self.open.last_mut() {
            open.next = Next::Value { merged };
        }
    }

    /// A value of the innermost container is complete.
    fn done(&mut self) {
        match self.open.last_mut().map(|open| &mut open.next) {
            Some(Next::Item { index, .. }) => {
                *index += 1;
                self.trail.index(*index);
            }
            Some(next) => *next = Next::Key,
            None => {}
        }
    }

    fn record(&mut self, handle: HandleId, source: &Source) {
        if let Some(node) = self.trail.node(&mut self.findings.paths) {
            self.findings.add_record(Record { handle, node, line: source.line, column: source.column });
        }
    }
}

impl Next {
    fn new(kind: Container, merged: bool) -> Self {
        match kind {
            Container::List => Self::Item { index: 0, merged },
            Container::Map => Self::Key,
        }
    }
}
