//! The file's text with the variables that count.

use zeroize::Zeroizing;

use super::names::{self, Candidate};
use super::{Environment, LeftOut, Why, value};
use crate::tree::{self, For, Kind, Node, TreeError, View};

/// What became of a text.
#[derive(Default)]
pub struct Merged {
    /// The text with the settings of the environment; nothing where it stays as it is, byte for byte.
    pub text: Option<Zeroizing<Vec<u8>>>,
    /// Variables with handles that are not in it.
    pub left_out: Vec<LeftOut>,
}

/// A variable that counts.
struct Counting<'e> {
    candidate: Candidate<'e>,
    value: Node,
    /// It has a handle of its own.
    has_handle: bool,
}

impl Environment {
    /// Puts the settings of the environment that concern secrets into a text: their handles, and what stands in place of the
    /// text's.
    ///
    /// Where one counts, the first document is written anew, in another style and without its comments; every other value in it
    /// stays what it was. A text that cannot be read stays as it is: whoever resolves it says what is wrong with it.
    #[must_use]
    pub fn merge(&self, text: &[u8]) -> Merged {
        if self.variables.is_empty() {
            return Merged::default();
        }
        match read(text) {
            Ok(documents) => self.merge_into(documents),
            Err(why) => {
                let empty = Node::from(Kind::Map(Vec::new()));
                let counting = self.counting(&empty, &View::of(&empty));
                Merged { text: None, left_out: left_out(&counting, why).into_iter().collect() }
            }
        }
    }

    fn merge_into(&self, mut documents: Vec<Node>) -> Merged {
        let Some(original) = documents.first().cloned() else { return Merged::default() };
        let view = View::of(&original);
        let mut counting = self.counting(&original, &view);
        // What is inside of another goes into that.
        counting.sort_by_key(|counting| counting.candidate.path.len());
        let mut merged = Merged::default();
        let mut set = Vec::new();
        for mut counting in counting {
            let value = std::mem::take(&mut counting.value);
            let Some(document) = documents.first_mut() else { break };
            match tree::set(document, &original, &view, &counting.candidate.path, value) {
                Ok(()) => set.push(counting),
                Err(_) => merged.left_out.extend(left_out(&[counting], Why::NoSection)),
            }
        }
        if set.is_empty() {
            return merged;
        }
        match written(&mut documents, &view) {
            Ok(text) => merged.text = Some(text),
            Err(error) => merged.left_out.extend(left_out(&set, error.into())),
        }
        merged
    }

    /// Those that have a handle, or stand in the place of one.
    fn counting<'e>(&'e self, file: &Node, view: &View<'_>) -> Vec<Counting<'e>> {
        let counting = |candidate: Candidate<'e>| {
            let there = candidate.path.iter().try_fold(file, |map, name| {
                view.entries(map).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
            });
            let value = value::of(&candidate, there.and_then(|there| view.meant(there)));
            let has_handle = view.has_handle(&value);
            let counts = has_handle || there.is_some_and(|there| view.has_handle(there));
            counts.then_some(Counting { candidate, value, has_handle })
        };
        names::candidates(self, file, view).into_iter().filter_map(counting).collect()
    }
}

/// The documents, of which the first is a map.
fn read(text: &[u8]) -> Result<Vec<Node>, Why> {
    let mut documents = tree::read(text, For::Agents)?;
    if documents.is_empty() {
        documents.push(Node::default());
    }
    let first = documents.first_mut().ok_or(Why::NoSettings)?;
    if first.is_null() {
        *first = Kind::Map(Vec::new()).into();
    }
    if matches!(first.kind, Kind::Map(_)) { Ok(documents) } else { Err(Why::NoSettings) }
}

fn written(documents: &mut [Node], view: &View<'_>) -> Result<Zeroizing<Vec<u8>>, TreeError> {
    if let Some(first) = documents.first_mut() {
        tree::heal(first, view)?;
    }
    tree::written(documents).map(|text| Zeroizing::new(text.into_bytes()))
}

/// Those of them that have a handle, if there are some.
fn left_out(counting: &[Counting<'_>], why: Why) -> Option<LeftOut> {
    let with_handle = counting.iter().filter(|counting| counting.has_handle);
    let variables: Vec<String> = with_handle.map(|counting| counting.candidate.variable.to_owned()).collect();
    (!variables.is_empty()).then_some(LeftOut { variables, why })
}
