//! Request patterns: `GET /v1/kv/data/**`.

use std::fmt;
use std::sync::Arc;

use super::segment::{self, Reading};
use crate::document::quoted;

/// A method and a path pattern. `*` is exactly one segment; `**`, last only, is zero or more segments. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestPattern {
    method: Arc<str>,
    segments: Arc<[Segment]>,
    open_ended: bool,
    encoded: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Segment {
    One,
    Literal(String),
}

/// Text that is no request pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is no request pattern: {reason}", quoted(found))]
pub struct PatternError {
    /// What was given.
    pub found: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl RequestPattern {
    /// Reads `METHOD /path`. With `encoded`, segments that two readers of a URL may understand differently
    /// (`%2F`, `%5C`, `%2E`, `%00`, `;`, empty segments) are literals; without it they are refused. Dot segments always
    /// are: a URL has no canonical form with them, so that none is ever sent.
    ///
    /// # Errors
    /// When the text has another form or such a segment.
    pub fn parse(text: &str, encoded: bool) -> Result<Self, PatternError> {
        parse(text, encoded).map_err(|reason| PatternError { found: text.to_owned(), reason })
    }

    /// The pattern that exactly one request matches.
    pub(super) fn exact(method: &str, segments: &[&str], encoded: bool) -> Self {
        let segments = segments.iter().map(|text| Segment::Literal((*text).to_owned())).collect();
        Self { method: method.into(), segments, open_ended: false, encoded }
    }

    /// Whether it takes what servers may read in two ways.
    pub(super) const fn is_encoded(&self) -> bool {
        self.encoded
    }

    /// The method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Whether every request of `other` is one of `self`.
    pub fn covers(&self, other: &Self) -> bool {
        self.encoded >= other.encoded && self.covers_but_for_encoding(other)
    }

    /// The same, where it does not count that only one of them is for segments with two readings.
    pub(super) fn covers_but_for_encoding(&self, other: &Self) -> bool {
        let literal = |mine: &Segment, theirs: &Segment| *mine == Segment::One || mine == theirs;
        let lengths = match (self.open_ended, other.open_ended) {
            (true, _) => other.segments.len() >= self.segments.len(),
            (false, true) => false,
            (false, false) => other.segments.len() == self.segments.len(),
        };
        lengths && self.comparable(other) && self.zip(other, literal)
    }

    /// Whether some request is one of both.
    pub fn overlaps(&self, other: &Self) -> bool {
        let either = |mine: &Segment, theirs: &Segment| {
            *mine == Segment::One || *theirs == Segment::One || mine == theirs
        };
        let (mine, theirs) = (self.segments.len(), other.segments.len());
        let lengths =
            mine == theirs || (mine < theirs && self.open_ended) || (theirs < mine && other.open_ended);
        lengths && self.comparable(other) && self.zip(other, either)
    }

    /// Whether the pattern narrows nothing: it starts with no fixed segment.
    pub fn is_any_path(&self) -> bool {
        self.open_ended && !self.segments.iter().any(|segment| matches!(segment, Segment::Literal(_)))
    }

    /// The path of one of its requests: what stands for any segment is a word that no endpoint has. Nothing where it is
    /// open at the end, and so has requests of many kinds.
    pub(super) fn sample(&self) -> Option<String> {
        let segment = |segment: &Segment| match segment {
            Segment::One => "/any-segment".to_owned(),
            Segment::Literal(text) => format!("/{text}"),
        };
        (!self.open_ended).then(|| self.segments.iter().map(segment).collect())
    }

    fn comparable(&self, other: &Self) -> bool {
        self.method == other.method
    }

    fn zip(&self, other: &Self, same: impl Fn(&Segment, &Segment) -> bool) -> bool {
        self.segments.iter().zip(other.segments.iter()).all(|(mine, theirs)| same(mine, theirs))
    }
}

fn parse(text: &str, encoded: bool) -> Result<RequestPattern, &'static str> {
    let (method, path) = text.split_once(' ').ok_or("write `METHOD /path` with one space")?;
    check_method(method)?;
    let mut segments: Vec<&str> = segment::split(path)?;
    let open_ended = segments.last() == Some(&"**");
    if open_ended {
        segments.pop();
    }
    let segments =
        segments.into_iter().map(|segment| self::segment(segment, encoded)).collect::<Result<_, _>>()?;
    Ok(RequestPattern { method: method.into(), segments, open_ended, encoded })
}

/// Checks one method: those that no HTTP client of the host sends are refused with the others.
pub(super) fn check_method(method: &str) -> Result<(), &'static str> {
    if method.is_empty() || method.len() > 16 || !method.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err("the method is upper-case letters");
    }
    if matches!(method, "CONNECT" | "TRACE") {
        return Err("CONNECT and TRACE are never sent");
    }
    Ok(())
}

fn segment(text: &str, encoded: bool) -> Result<Segment, &'static str> {
    match text {
        "*" => return Ok(Segment::One),
        "**" => return Err("`**` is the last segment only"),
        _ if text.contains('*') => return Err("`*` stands for a whole segment"),
        _ => {}
    }
    match segment::read(text)? {
        Reading::Ambiguous(what) if !encoded => Err(what),
        _ => Ok(Segment::Literal(text.to_owned())),
    }
}

impl fmt::Display for RequestPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.method)?;
        for segment in self.segments.iter() {
            match segment {
                Segment::One => f.write_str("/*")?,
                Segment::Literal(text) => write!(f, "/{text}")?,
            }
        }
        match (self.open_ended, self.segments.is_empty()) {
            (true, _) => f.write_str("/**")?,
            (false, true) => f.write_str("/")?,
            (false, false) => {}
        }
        if self.encoded { f.write_str(" (encoded)") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> RequestPattern {
        RequestPattern::parse(text, false).unwrap()
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused_unless_said() {
        let ambiguous = [
            "GET /a%2Fb",
            "GET /a%5Cb",
            "GET /a%2E",
            "GET /a%00",
            "GET /a%0A",
            "GET /a%C0%AF",
            "GET /a%252F",
            "GET /a;b",
            "GET //a",
            "GET /a/",
        ];
        for text in ambiguous {
            assert!(RequestPattern::parse(text, false).is_err(), "{text}");
            assert!(RequestPattern::parse(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let refused = [
            "",
            "GET",
            "GET  /a",
            "GET a",
            "get /a",
            "* /a",
            "CONNECT /a",
            "TRACE /",
            "GET /a?b",
            "GET /a#b",
            "GET /a b",
            "GET /a\\b",
            "GET /**/a",
            "GET /a*",
            "GET /***",
            "GET /a%",
            "GET /a%2",
            "GET /a%zz",
            "GET /a%2f",
            "GET /%61",
            "GET /a/../b",
            "GET /./b",
            "GET /%2E%2E/b",
            "GET /.%2E",
            "GET /a|b",
            "GET /ä",
            "GET /a%é",
            "GET /a\n",
        ];
        for text in refused {
            assert!(RequestPattern::parse(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn coverage_and_overlap_follow_segments() {
        let table = [
            ("GET /v1/**", "GET /v1", true, true),
            ("GET /v1/**", "GET /v1/a/b", true, true),
            ("GET /v1/**", "GET /v1/a/**", true, true),
            ("GET /v1/*", "GET /v1/a", true, true),
            ("GET /v1/*", "GET /v1/**", false, true),
            ("GET /v1/*", "GET /v1", false, false),
            ("GET /v1/a", "GET /v1/*", false, true),
            ("GET /v1/**", "POST /v1/a", false, false),
            ("GET /v1/**", "GET /v10", false, false),
            ("GET /a/**", "GET /*/b", false, true),
            ("GET /", "GET /**", false, true),
        ];
        for (a, b, covers, overlaps) in table {
            assert_eq!(pattern(a).covers(&pattern(b)), covers, "{a} covers {b}");
            assert_eq!(pattern(a).overlaps(&pattern(b)), overlaps, "{a} overlaps {b}");
            assert_eq!(pattern(b).overlaps(&pattern(a)), overlaps, "{b} overlaps {a}");
        }
    }

    #[test]
    fn patterns_show_as_written() {
        for text in ["GET /", "GET /**", "LIST /v1/*/x/**", "POST /a"] {
            assert_eq!(pattern(text).to_string(), text);
        }
        assert!(pattern("GET /*/**").is_any_path() && !pattern("GET /a/**").is_any_path());
    }
}
