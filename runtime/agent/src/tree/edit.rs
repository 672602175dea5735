//! A value at a path of maps. What other places share with it by an alias stays as it was for them.

use std::collections::HashSet;

use thiserror::Error;

use super::{Kind, MAX_DEPTH, Node, TreeError, View};

/// The way to a value leads through something that is no map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("what it belongs into is no map in the file")]
pub(crate) struct NoMap;

/// Puts a value at a path of names, with the maps that are missing on the way. [`heal`] is due afterwards.
///
/// `original` and its `view` are the document as it was read, whatever has been set since: they say what aliases stand for.
pub(crate) fn set<'t>(
    document: &mut Node,
    original: &'t Node,
    view: &View<'t>,
    path: &[String],
    value: Node,
) -> Result<(), NoMap> {
    let mut node = document;
    let mut read = view.meant(original);
    for name in path {
        read = read.and_then(|map| {
            let found = view.entries(map).into_iter().find(|(key, _)| *key == name.as_str());
            found.and_then(|(_, value)| view.meant(value))
        });
        let entries = map_of(node, view)?;
        let position = entries.iter().rposition(|(key, _)| view.name(key) == Some(name.as_str()));
        let position = position.unwrap_or_else(|| {
            // What was merged there is what it begins with.
            let mut begins = read.cloned().unwrap_or_default();
            without_anchors(&mut begins);
            entries.push((Node::key(name), begins));
            entries.len().saturating_sub(1)
        });
        node = &mut entries.get_mut(position).ok_or(NoMap)?.1;
    }
    *node = value;
    Ok(())
}

/// The entries of a node that nobody else shares from now on.
fn map_of<'n>(node: &'n mut Node, view: &View<'_>) -> Result<&'n mut Vec<(Node, Node)>, NoMap> {
    if let Kind::Alias(anchor) = node.kind {
        *node = view.anchored(anchor).cloned().ok_or(NoMap)?;
        without_anchors(node);
    }
    node.anchor = None;
    if node.is_null() {
        node.kind = Kind::Map(Vec::new());
    }
    match &mut node.kind {
        Kind::Map(entries) => Ok(entries),
        _ => Err(NoMap),
    }
}

/// A copy has none: they are where it was copied from. The depth of what was read is bounded, so this may call itself.
fn without_anchors(node: &mut Node) {
    node.anchor = None;
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(without_anchors),
        Kind::Map(entries) => {
            for (key, value) in entries {
                without_anchors(key);
                without_anchors(value);
            }
        }
        Kind::Scalar { .. } | Kind::Alias(_) => {}
    }
}

/// Where an anchor is gone, the first alias of it gets what it stood for, with the anchor.
///
/// # Errors
/// The document is nested deeper than any that is read.
pub(crate) fn heal(document: &mut Node, view: &View<'_>) -> Result<(), TreeError> {
    healed(document, view, &mut HashSet::new(), 0)
}

fn healed(
    node: &mut Node,
    view: &View<'_>,
    anchors: &mut HashSet<usize>,
    depth: usize,
) -> Result<(), TreeError> {
    if let Kind::Alias(anchor) = node.kind
        && !anchors.contains(&anchor)
        && let Some(gone) = view.anchored(anchor)
    {
        *node = gone.clone();
    }
    // What is inside of such a copy may be anchored already.
    if let Some(anchor) = node.anchor
        && !anchors.insert(anchor)
    {
        *node = Kind::Alias(anchor).into();
        return Ok(());
    }
    let deeper = depth.saturating_add(1);
    match &mut node.kind {
        Kind::List(_) | Kind::Map(_) if depth >= MAX_DEPTH => {
            return Err(TreeError::TooDeep { limit: MAX_DEPTH });
        }
        Kind::List(items) => {
            for item in items {
                healed(item, view, anchors, deeper)?;
            }
        }
        Kind::Map(entries) => {
            for (key, value) in entries {
                healed(key, view, anchors, deeper)?;
                healed(value, view, anchors, deeper)?;
            }
        }
        Kind::Scalar { .. } | Kind::Alias(_) => {}
    }
    Ok(())
}
