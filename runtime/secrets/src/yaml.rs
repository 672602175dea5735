//! The reader of YAML: a stream of parser events, each with its bytes.
//!
//! * `nodes`: the events, each node with its tag, anchor and place in the text.
//! * `walk`: which nodes are values, and the references among them.
//! * `anchors`: what an alias stands for.
//! * `block`: the two pieces of a block scalar that a splice changes; `tabs`: what must go below a plain scalar.

mod anchors;
mod block;
mod nodes;
mod tabs;
mod walk;

use crate::document::{Fault, Findings};
use nodes::Nodes;
use walk::Walk;

/// Finds the references of a YAML stream.
pub(crate) fn read(text: &str) -> Result<Findings, Fault> {
    let mut walk = Walk::new(text);
    for node in Nodes::new(text) {
        walk.visit(node?)?;
    }
    Ok(walk.into_findings())
}
