//! The language in which a test tells a guest what to ask for: one JSON object, every text in it raw.
//!
//! | key | what | default |
//! |---|---|---|
//! | `method` | any text | `GET` |
//! | `scheme` | `http`, `https`, another text, or `null` for none | `https` |
//! | `authority` | host and port as they are handed to the host; `null` for none | `null` |
//! | `path` | path and query; `null` for none | `/` |
//! | `headers` | list of `[name, value]` | none |
//! | `body` | text; `null` for no body | `null` |
//! | `zeroes` | so many bytes of a body, in place of `body` | none |
//! | `unfinished` | whether the body is never ended | `false` |
//! | `trailers` | as `headers` | none |
//! | `timeouts` | list of three numbers of nanoseconds, or `null`: connect, first byte, between bytes | none set |
//! | `most` | bytes of the answer's body that are read; 0 for a body that is never asked for | 1 MiB |
//! | `follow` | whether the location of a redirect is asked for next | `false` |

use portcullis_guest::json::{Value, parse};

/// What to ask for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The scheme, where one is set.
    pub scheme: Option<String>,
    /// Host and port, where they are set.
    pub authority: Option<String>,
    /// Path and query, where they are set.
    pub path: Option<String>,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Body,
    /// Whether the body is never ended.
    pub unfinished: bool,
    /// Names and values.
    pub trailers: Vec<(String, String)>,
    /// Connect, first byte, between bytes, in nanoseconds.
    pub timeouts: Vec<Option<u64>>,
    /// Bytes of the answer's body that are read.
    pub most: u64,
    /// Whether a redirect is followed.
    pub follow: bool,
}

/// What is sent.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing: the body is never asked for.
    None,
    /// A text.
    Text(String),
    /// So many bytes of zero.
    Zeroes(u64),
}

impl Request {
    /// Reads one; `None` where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(&parse(text.as_bytes()).ok()?)
    }

    /// Reads one from an object that may have other keys, too.
    pub fn read(value: &Value) -> Option<Self> {
        value.as_object()?;
        let or = |key: &str, default: &str| text(value, key).unwrap_or_else(|| Some(default.to_owned()));
        let body = match (number(value, "zeroes"), text(value, "body").flatten()) {
            (Some(count), _) => Body::Zeroes(count),
            (None, Some(text)) => Body::Text(text),
            (None, None) => Body::None,
        };
        Some(Self {
            method: or("method", "GET")?,
            scheme: or("scheme", "https"),
            authority: text(value, "authority").flatten(),
            path: or("path", "/"),
            headers: pairs(value, "headers"),
            body,
            unfinished: flag(value, "unfinished"),
            trailers: pairs(value, "trailers"),
            timeouts: items(value, "timeouts").iter().map(digits).collect(),
            most: number(value, "most").unwrap_or(1 << 20),
            follow: flag(value, "follow"),
        })
    }
}

/// A number below a key.
pub fn number(value: &Value, key: &str) -> Option<u64> {
    digits(value.get_last(key)?)
}

/// Whether a key says `true`.
pub fn flag(value: &Value, key: &str) -> bool {
    matches!(value.get_last(key), Some(Value::Bool(true)))
}

/// The items below a key.
pub fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    if let Some(Value::Array(items)) = value.get_last(key) { items } else { &[] }
}

fn digits(value: &Value) -> Option<u64> {
    if let Value::Number(digits) = value { digits.parse().ok() } else { None }
}

/// Nothing where the key is not there, `None` inside where it is no text.
fn text(value: &Value, key: &str) -> Option<Option<String>> {
    value.get_last(key).map(|value| value.as_str().map(str::to_owned))
}

fn pairs(value: &Value, key: &str) -> Vec<(String, String)> {
    let pair = |item: &Value| match item {
        Value::Array(pair) => match pair.as_slice() {
            [name, value] => Some((name.as_str()?.to_owned(), value.as_str()?.to_owned())),
            _ => None,
        },
        _ => None,
    };
    items(value, key).iter().filter_map(pair).collect()
}
