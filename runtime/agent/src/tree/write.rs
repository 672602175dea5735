//! The tree as YAML: one style, whatever it was written in.

use std::fmt::Write as _;

use super::{Kind, Node, TreeError};

/// The longest text that is written, in bytes.
const MAX_BYTES: usize = 64 << 20;
/// The longest key that can stand before its colon, in bytes: YAML reads no more than 1,024 characters.
const LONGEST_KEY: usize = 1_000;

/// All documents.
pub(crate) fn written(documents: &[Node]) -> Result<String, TreeError> {
    let mut out = String::new();
    for document in documents {
        if documents.len() > 1 {
            out.push_str("---\n");
        }
        value(&mut out, document, 0, true)?;
    }
    Ok(out)
}

/// A node behind what introduces it on its line, of which the last byte is no blank unless it is `inline`.
/// What does not fit onto that line begins `indent` blanks further right than its parent.
fn value(out: &mut String, node: &Node, indent: usize, inline: bool) -> Result<(), TreeError> {
    if out.len() > MAX_BYTES {
        return Err(TreeError::TooLong { limit: MAX_BYTES });
    }
    let blank = if inline { "" } else { " " };
    if !is_block(node) {
        let text = leaf(node);
        if !text.is_empty() {
            out.push_str(blank);
            out.push_str(&text);
        }
        out.push('\n');
        return Ok(());
    }
    let mut first = inline;
    let properties = properties(node);
    if !properties.is_empty() {
        push(out, format_args!("{blank}{properties}\n"));
        first = false;
    } else if !inline {
        out.push('\n');
    }
    match &node.kind {
        Kind::List(items) => {
            for item in items {
                margin(out, indent, &mut first);
                out.push_str("- ");
                value(out, item, indent.saturating_add(2), true)?;
            }
        }
        Kind::Map(entries) => {
            for (key, of_key) in entries {
                margin(out, indent, &mut first);
                entry(out, key, of_key, indent)?;
            }
        }
        Kind::Scalar { .. } | Kind::Alias(_) => {}
    }
    Ok(())
}

fn entry(out: &mut String, key: &Node, of_key: &Node, indent: usize) -> Result<(), TreeError> {
    let inner = indent.saturating_add(2);
    let simple = if is_block(key) { None } else { Some(leaf(key)).filter(|text| text.len() <= LONGEST_KEY) };
    if let Some(text) = simple {
        out.push_str(&text);
        // The name of an alias or anchor may have a colon in it, and so may a tag.
        let named = matches!(key.kind, Kind::Alias(_)) || !properties(key).is_empty();
        out.push_str(if named { " :" } else { ":" });
    } else {
        out.push_str("? ");
        value(out, key, inner, true)?;
        push(out, format_args!("{:indent$}:", ""));
    }
    value(out, of_key, inner, false)
}

fn margin(out: &mut String, indent: usize, first: &mut bool) {
    if !std::mem::take(first) {
        push(out, format_args!("{:indent$}", ""));
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

/// What fits into a line.
fn leaf(node: &Node) -> String {
    let text = match &node.kind {
        Kind::Scalar { text, plain: true } if text.is_empty() || is_safe(text) => text.clone(),
        Kind::Scalar { text, .. } => format!("\"{}\"", escaped(text)),
        Kind::Alias(anchor) => format!("*a{anchor}"),
        Kind::List(_) => "[]".to_owned(),
        Kind::Map(_) => "{}".to_owned(),
    };
    let properties = properties(node);
    if properties.is_empty() || text.is_empty() { properties + &text } else { properties + " " + &text }
}

/// Anchor and tag.
fn properties(node: &Node) -> String {
    match (node.anchor, &node.tag) {
        (Some(anchor), Some(tag)) => format!("&a{anchor} {tag}"),
        (Some(anchor), None) => format!("&a{anchor}"),
        (None, Some(tag)) => tag.clone(),
        (None, None) => String::new(),
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
    begins && text.chars().all(inside) && !text.contains(": ") && !text.ends_with([' ', ':']) && text != "..."
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
