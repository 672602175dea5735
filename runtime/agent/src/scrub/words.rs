//! Which pieces of a string are secret: certificates, passwords in addresses, `name=value` and `name: value`, bearer tokens,
//! and what has the form of an API or application key.

use std::collections::BTreeSet;

use portcullis_secrets::mask;

use super::HIDDEN;
use super::keys::{self, Rule};

/// The string with these hidden.
pub(super) fn hide(text: &str) -> String {
    let text = blocks(text);
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        out.push_str(&keyed(&assigned(&bearer(&addressed(line)))));
        out.push_str(end);
    }
    out
}

/// `-----BEGIN X-----` to `-----END X-----`, or to the end of the string.
fn blocks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, block)) = rest.split_once("-----BEGIN ") {
        out.push_str(before);
        out.push_str(HIDDEN);
        rest = block
            .split_once("-----END ")
            .and_then(|(_, label)| label.split_once("-----"))
            .map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// `user:password@`, with or without a scheme before it.
fn addressed(line: &str) -> String {
    let parts = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '|');
    line.split_inclusive(parts).map(without_password).collect()
}

fn without_password(word: &str) -> String {
    let (scheme, rest) =
        word.find("://").and_then(|end| word.split_at_checked(end.saturating_add(3))).unwrap_or(("", word));
    let Some((login, host)) = rest.rsplit_once('@') else { return word.to_owned() };
    match login.split_once(':') {
        Some((user, password)) if !password.is_empty() => format!("{scheme}{user}:{HIDDEN}@{host}"),
        _ => word.to_owned(),
    }
}

/// All that follows `Bearer `.
fn bearer(line: &str) -> String {
    let end = line.to_ascii_lowercase().find("bearer ").map(|start| start.saturating_add("bearer ".len()));
    match end.and_then(|end| line.split_at_checked(end)) {
        Some((before, token)) if !token.trim().is_empty() => format!("{before}{HIDDEN}"),
        _ => line.to_owned(),
    }
}

/// What is assigned to a name that tells of a secret: with `=` a word, with `:` the rest of the line, in quotes what is in
/// them.
fn assigned(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(position) = rest.find(['=', ':']) {
        let Some((before, after)) = rest.split_at_checked(position.saturating_add(1)) else { break };
        out.push_str(before);
        rest = after;
        let name = name_before(&out);
        let rule = keys::rule(name, &BTreeSet::new());
        if !matches!(rule, Rule::Hide | Rule::Mask) || after.starts_with("//") {
            continue;
        }
        let value = after.trim_start_matches([' ', '\t']);
        let blanks = after.strip_suffix(value).unwrap_or_default();
        let (quote, value, tail) = value_of(value, before.ends_with('='));
        if !value.is_empty() {
            out.push_str(blanks);
            out.push_str(quote);
            if rule == Rule::Mask {
                out.push_str(&mask(value));
            } else {
                out.push_str(HIDDEN);
            }
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// The word before a sign, which may be in quotes.
fn name_before(text: &str) -> &str {
    let text = text.get(..text.len().saturating_sub(1)).unwrap_or_default().trim_end_matches([' ', '\t']);
    let text = text.strip_suffix(['"', '\'']).map_or(text, |text| text.strip_suffix('\\').unwrap_or(text));
    let start = text.rfind(|c: char| !is_of_name(c)).map_or(0, |last| {
        last.saturating_add(text.get(last..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
    });
    text.get(start..).unwrap_or_default()
}

/// The opening quote, the value, and what follows.
fn value_of(text: &str, word: bool) -> (&str, &str, &str) {
    let inside = text.trim_start_matches(['\\', '"', '\'']);
    let quote = text.strip_suffix(inside).unwrap_or_default();
    let end = match quote.chars().last() {
        Some(mark) => closing(inside, mark),
        None if word => {
            inside.find(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | ',' | '|' | '"' | '\''))
        }
        None => None,
    };
    let (value, tail) = inside.split_at_checked(end.unwrap_or(inside.len())).unwrap_or((inside, ""));
    (quote, value, tail)
}

/// Where a quoted piece ends: at its mark, if that is not escaped.
fn closing(inside: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    inside.char_indices().find_map(|(position, c)| {
        let ends = c == mark && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(position)
    })
}

/// Words in the form of a key.
fn keyed(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut word = String::new();
    for c in line.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            out.push_str(&without_key(std::mem::take(&mut word)));
            out.push(c);
        }
    }
    out.push_str(&without_key(word));
    out
}

fn without_key(word: String) -> String {
    let hex = matches!(word.len(), 32 | 40) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let prefixed = word.strip_prefix("DDRCM_").is_some_and(|rest| rest.len() > 5)
        || word.find("ddapp_").is_some_and(|start| word.len().saturating_sub(start) >= 40);
    if hex || prefixed { mask(&word) } else { word }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
