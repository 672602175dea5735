//! Sends requests to which the host attaches a credential, in every way that could make it come back, and tells all that it
//! sees. The parameter spells the request; `header` is the name of the credential's header, `placeholder` a text that the
//! guest takes for it.

// rows: echo, nothing_granted, placeholder

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::json::{Value, parse};
use portcullis_hostile_guests::answer::{ask, object, text};
use portcullis_hostile_guests::request::{Body, Request};

portcullis_hostile_guests::export!(attack);

fn attack(spelled: &str) -> String {
    let Ok(value) = parse(spelled.as_bytes()) else { return String::from("no request") };
    let Some(plain) = Request::read(&value) else { return String::from("no request") };
    let own =
        |key: &str, default: &str| value.get_last(key).and_then(Value::as_str).unwrap_or(default).to_owned();
    let (header, placeholder) = (own("header", "authorization"), own("placeholder", "placeholder"));
    let with = |name: String, value: &str| {
        let mut request = plain.clone();
        request.headers.push((name, value.to_owned()));
        request
    };
    let posted = |body: &str| {
        let body = Body::Text(body.to_owned());
        Request { method: String::from("POST"), body, ..plain.clone() }
    };
    let path = plain.path.clone().unwrap_or_default();
    let asked = |query: &str| Request { path: Some(format!("{path}?{query}")), ..plain.clone() };
    let tries = [
        ("plain", plain.clone()),
        ("own header", with(header.clone(), &placeholder)),
        ("own header in capitals", with(header.to_uppercase(), &placeholder)),
        ("own header with underscores", with(header.replace('-', "_"), &placeholder)),
        ("named as of the connection", with(String::from("connection"), &header)),
        ("named in te", with(String::from("te"), &header)),
        ("named as varying", with(String::from("vary"), &header)),
        ("asked to forward", with(String::from("x-forwarded-for"), &placeholder)),
        ("placeholder in the query", asked(&format!("v={placeholder}"))),
        ("placeholder in the body", posted(&placeholder)),
        ("trace", Request { method: String::from("TRACE"), ..plain.clone() }),
        ("followed", Request { follow: true, ..plain.clone() }),
    ];
    text(&object(tries.iter().map(|(name, request)| (*name, ask(request)))))
}
