//! The tree as YAML: one style, whatever it was written in.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{Kind, Node, TreeError};

/// The longest text that is written, in bytes.
const MAX_BYTES: usize = 64 << 20;
/// The longest key that can stand before its colon, in bytes: YAML reads no more than 1,024 characters.
const LONGEST_KEY: usize = 1_000;

/// All documents.
pub(crate) fn written(documents: &[Node]) -> Result<String, TreeError> {
    let mut writer = Writer::default();
    for document in documents {
        if documents.len() > 1 {
            writer.out.push_str("---\n");
        }
        writer.value(document, 0, true)?;
    }
    Ok(writer.out)
}

#[derive(Default)]
struct Writer {
    out: String,
    /// What anchors are called: by the order in which they are written, whichever were there when they were read.
    anchors: HashMap<usize, usize>,
}

impl Writer {
    /// A node behind what introduces it on its line, of which the last byte is no blank unless it is `inline`.
    /// What does not fit onto that line begins `indent` blanks further right than its parent.
    fn value(&mut self, node: &Node, indent: usize, inline: bool) -> Result<(), TreeError> {
        if self.out.len() > MAX_BYTES {
            return Err(TreeError::TooLong { limit: MAX_BYTES });
        }
        let blank = if inline { "" } else { " " };
        if !is_block(node) {
            let text = self.leaf(node);
            if !text.is_empty() {
                self.out.push_str(blank);
                self.out.push_str(&text);
            }
            self.out.push('\n');
            return Ok(());
        }
        let mut first = inline;
        let properties = self.properties(node);
        if !properties.is_empty() {
            push(&mut self.out, format_args!("{blank}{properties}\n"));
            first = false;
        } else if !inline {
            self.out.push('\n');
        }
        match &node.kind {
            Kind::List(items) => {
                for item in items {
                    self.margin(indent, &mut first);
                    self.out.push_str("- ");
                    self.value(item, indent.saturating_add(2), true)?;
                }
            }
            Kind::Map(entries) => {
                for (key, of_key) in entries {
                    self.margin(indent, &mut first);
                    self.entry(key, of_key, indent)?;
                }
            }
            Kind::Scalar { .. } | Kind::Alias(_) => {}
        }
        Ok(())
    }

    fn entry(&mut self, key: &Node, of_key: &Node, indent: usize) -> Result<(), TreeError> {
        let inner = indent.saturating_add(2);
        let simple = if is_block(key) { None } else { Some(self.leaf(key)) };
        if let Some(text) = simple.filter(|text| text.len() <= LONGEST_KEY) {
            self.out.push_str(&text);
            // The name of an alias or anchor may have a colon in it, and so may a tag.
            let named = matches!(key.kind, Kind::Alias(_)) || key.anchor.is_some() || key.tag.is_some();
            self.out.push_str(if named { " :" } else { ":" });
        } else {
            self.out.push_str("? ");
            self.value(key, inner, true)?;
            push(&mut self.out, format_args!("{:indent$}:", ""));
        }
        self.value(of_key, inner, false)
    }

    fn margin(&mut self, indent: usize, first: &mut bool) {
        if !std::mem::take(first) {
            push(&mut self.out, format_args!("{:indent$}", ""));
        }
    }

    /// What fits into a line.
    fn leaf(&mut self, node: &Node) -> String {
        let properties = self.properties(node);
        let text = match &node.kind {
            Kind::Scalar { text, plain: true } if text.is_empty() || is_safe(text) => text.clone(),
            Kind::Scalar { text, .. } => format!("\"{}\"", escaped(text)),
            Kind::Alias(anchor) => format!("*a{}", self.number(*anchor)),
            Kind::List(_) => "[]".to_owned(),
            Kind::Map(_) => "{}".to_owned(),
        };
        if properties.is_empty() || text.is_empty() { properties + &text } else { properties + " " + &text }
    }

    /// Anchor and tag.
    fn properties(&mut self, node: &Node) -> String {
        match (node.anchor.map(|anchor| self.number(anchor)), &node.tag) {
            (Some(anchor), Some(tag)) => format!("&a{anchor} {tag}"),
            (Some(anchor), None) => format!("&a{anchor}"),
            (None, Some(tag)) => tag.clone(),
            (None, None) => String::new(),
        }
    }

    fn number(&mut self, anchor: usize) -> usize {
        let next = self.anchors.len().saturating_add(1);
        *self.anchors.entry(anchor).or_insert(next)
    }
}

/// It takes lines of its own.
fn is_block(node: &Node) -> bool {
    match &node.kind {
        Kind::List(items) => !items.is_empty(),
        Kind::Map(entries) => !entries.is_empty(),
        Kind::Scalar { .. } | Kind::Alias(_) => false,
    }
}

/// It is read back the same without quotes. All numbers, truths and times are of this kind.
fn is_safe(text: &str) -> bool {
    // A merge key, which quotes would make a string.
    if text == "<<" {
        return true;
    }
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let begins = match (first, second) {
        (Some('~'), None) => true,
        (Some('-' | '+' | '.'), Some(second)) => {
            let digit = || text.chars().nth(2).is_some_and(|third| third.is_ascii_digit());
            second.is_ascii_alphanumeric() || second == '.' && (text.len() <= 5 || digit())
        }
        (Some(first), _) => first.is_alphanumeric() || matches!(first, '_' | '/'),
        (None, _) => false,
    };
    let inside = |c: char| c.is_alphanumeric() || " _./+~-@%=,()[]{}:".contains(c);
    begins
        && text.chars().all(inside)
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
        && !text.starts_with("...")
}

/// A string as it stands inside of double quotes, on one line and without anything that a terminal obeys.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_unsafe(c) => push(&mut out, format_args!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

/// Controls, other line breaks, marks of direction and of byte order. All have four hexadecimal digits.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
                | '\u{fffe}' | '\u{ffff}')
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string does not fail.
    let _ = out.write_fmt(text);
}
