//! The few top-level entries of a document that are read, cut out of it: an agent file may have 50 MB, and reading
//! values costs many times what finding them does.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, options};

/// The text of the entries of the first document whose key is among `wanted`, as a document of its own.
///
/// `None` where only reading everything can tell: the root is no plain block map, or is not YAML at all. An entry may
/// refer to an anchor outside of it; then the excerpt does not parse, and the whole must be read.
pub(super) fn of(text: &str, wanted: &[&str]) -> Option<String> {
    let options = options! { flow_nesting_limit: MAX_DEPTH, block_nesting_limit: MAX_DEPTH };
    let mut root = Root::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.ok()?;
        let (at, column) = (span.start.byte_offset()?, span.start.col());
        match root.step(&event, at, column)? {
            Step::Inside => {}
            Step::Done => return Some(root.cut(text, wanted, at)),
        }
    }
    None
}

/// Nesting that a document may have before the whole is read and refused with its place.
const MAX_DEPTH: usize = 200;

enum Step {
    Inside,
    Done,
}

/// The entries of the root map seen so far.
#[derive(Default)]
struct Root {
    depth: usize,
    /// Whether the next node at the root is a value, not a key.
    value_next: bool,
    /// Where each entry begins, and its key.
    entries: Vec<(usize, String)>,
}

impl Root {
    /// Takes one event; `None` gives up.
    fn step(&mut self, event: &Event<'_>, at: usize, column: usize) -> Option<Step> {
        match event {
            Event::MappingStart(StructureStyle::Block, 0, None) if self.depth == 0 => self.depth = 1,
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                // A collection at the root, or as a key of it.
                if self.depth == 0 || (self.depth == 1 && !self.value_next) {
                    return None;
                }
                self.depth = self.depth.saturating_add(1);
            }
            Event::MappingEnd if self.depth == 1 => return Some(Step::Done),
            Event::MappingEnd | Event::SequenceEnd => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 1 {
                    self.value_next = false;
                }
            }
            Event::Scalar(..) | Event::Alias(_) if self.depth == 1 && self.value_next => {
                self.value_next = false;
            }
            Event::Scalar(key, style, 0, None) if self.depth == 1 => {
                let merge = *style == ScalarStyle::Plain && key == "<<";
                // An explicit key (`? key`) does not begin its line.
                if merge || column != 0 {
                    return None;
                }
                self.entries.push((at, key.clone().into_owned()));
                self.value_next = true;
            }
            Event::Scalar(..) | Event::Alias(_) if self.depth <= 1 => return None,
            Event::DocumentEnd | Event::StreamEnd => return None,
            _ => {}
        }
        Some(Step::Inside)
    }

    /// The wanted entries, each from its key to the next one.
    fn cut(&self, text: &str, wanted: &[&str], end: usize) -> String {
        let ends = self.entries.iter().skip(1).map(|(at, _)| *at).chain([end]);
        let mut excerpt = String::new();
        for ((start, key), end) in self.entries.iter().zip(ends) {
            if wanted.contains(&key.as_str()) {
                excerpt.push_str(text.get(*start..end).unwrap_or_default());
                excerpt.push('\n');
            }
        }
        excerpt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_cut_out_whole() {
        let rows = [
            ("a: 1\nb:\n  c: [2, 3]\nd: 4\n", Some("b:\n  c: [2, 3]\n\n")),
            ("# x\n---\nb: |\n  b: no\n  d\nc: 1\n", Some("b: |\n  b: no\n  d\n\n")),
            ("x: { b: 1 }\ny:\n- b: 1\n", Some("")),
            ("b: 1\n---\nb: 2\n", Some("b: 1\n\n")),
            ("\"b\": 1\n'b': 2\n", Some("\"b\": 1\n\n'b': 2\n\n")),
            ("x: &a 1\nb: *a\n", Some("b: *a\n\n")),
            // What cannot be cut.
            ("{ b: 1 }", None),
            ("- b: 1\n", None),
            ("? b\n: 1\n", None),
            ("x: &a { b: 1 }\n<<: *a\n", None),
            ("b: [1\n", None),
            ("just text\n", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(of(text, &["b"]).as_deref(), expected, "{text:?}");
        }
    }
}
