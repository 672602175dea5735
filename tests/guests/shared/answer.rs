//! What became of a request, as JSON that a test reads.
//!
//! `{"refused": "authority"}` where a part was not taken, or the code with which the host answered at once;
//! `{"error": "HttpRequestDenied"}` where an error came in place of an answer; else `status`, `headers`, `length` and
//! beginning of the `body`, and its `end`. `wrote` and `unsent` tell of a body that was sent, `followed` of the next request.

use portcullis_guest::json::{Value, write_value};

use crate::http::{self, Head};
use crate::request::Request;

/// Asks, and tells what came of it.
pub fn ask(request: &Request) -> Value {
    let sent = match http::send(request) {
        Ok(sent) => sent,
        Err(refused) => return object([("refused", string(refused))]),
    };
    let mut told = Vec::new();
    if sent.wrote.bytes > 0 {
        told.push(("wrote", number(sent.wrote.bytes)));
    }
    if let Some(refused) = &sent.wrote.refused {
        told.push(("unsent", string(refused)));
    }
    match http::head(&sent.future) {
        Ok(head) => {
            told.extend(answer(&head, request.most));
            if let (true, Some(next)) = (request.follow, location(&head, request)) {
                told.push(("followed", ask(&next)));
            }
        }
        Err(code) => told.push(("error", string(code))),
    }
    object(told)
}

/// An object as text.
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// An object of these members.
pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A string.
pub fn string(text: impl Into<String>) -> Value {
    Value::String(text.into())
}

/// A number.
pub fn number(number: u64) -> Value {
    Value::Number(number.to_string())
}

fn answer(head: &Head, most: u64) -> Vec<(&'static str, Value)> {
    let header = |(name, value): &(String, Vec<u8>)| {
        Value::Array(vec![string(name), string(String::from_utf8_lossy(value))])
    };
    let mut told = vec![
        ("status", number(u64::from(head.status))),
        ("headers", Value::Array(head.headers.iter().map(header).collect())),
    ];
    if most > 0 {
        let read = http::read(&head.response, most);
        told.push(("length", number(read.length)));
        told.push(("body", string(String::from_utf8_lossy(&read.first))));
        told.push(("end", string(read.end)));
    }
    told
}

/// The request that a redirect leads to, with the same headers: what a careless client would send.
fn location(head: &Head, request: &Request) -> Option<Request> {
    let (_, value) = head.headers.iter().find(|(name, _)| name == "location")?;
    let url = String::from_utf8_lossy(value).into_owned();
    let (scheme, authority, path) = match url.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at_checked(end)?;
            (Some(scheme.to_owned()), Some(authority.to_owned()), path.to_owned())
        }
        None => (request.scheme.clone(), request.authority.clone(), url),
    };
    Some(Request { scheme, authority, path: Some(path), follow: false, ..request.clone() })
}
