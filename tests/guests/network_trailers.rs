//! Puts headers that belong to the host into headers and trailers, by every way that makes fields, and sends what is taken.

// rows: nothing_granted, sent

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::answer::{ask, object, string, text};
use portcullis_hostile_guests::http::{Fields, fields, header_error};
use portcullis_hostile_guests::request::Request;

portcullis_hostile_guests::export!(attack);

/// Of the connection, of the host, and of nobody.
const NAMES: &[&str] = &[
    "connection",
    "Connection",
    "content-length",
    "host",
    "HOST",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "Transfer-Encoding",
    "upgrade",
    "expect",
    "via",
    "x-vault-token",
    "authorization",
    "x-free",
    "x free",
    "x-free\r\nhost",
    "",
    ":authority",
];

fn attack(spelled: &str) -> String {
    let Some(request) = Request::parse(spelled) else { return String::from("no request") };
    let ways = NAMES.iter().map(|name| (*name, string(ways(name))));
    let ways = object(ways.collect::<Vec<_>>());
    let taken: Vec<(String, String)> = NAMES
        .iter()
        .map(|name| ((*name).to_owned(), "evil".to_owned()))
        .filter(|pair| fields(std::slice::from_ref(pair)).is_ok())
        .collect();
    let one = |(name, value): &(String, String)| {
        let request = Request { trailers: vec![(name.clone(), value.clone())], ..request.clone() };
        (name.clone(), ask(&request))
    };
    let sent: Vec<_> = taken.iter().map(one).collect();
    let sent = object(sent.iter().map(|(name, value)| (name.as_str(), value.clone())));
    text(&object([("ways", ways), ("sent", sent)]))
}

/// By which ways the host takes this name.
fn ways(name: &str) -> String {
    let value = || b"evil".to_vec();
    let append = Fields::new().append(name, &value());
    let set = Fields::new().set(name, &[value(), value()]);
    let list = Fields::from_list(&[(name.to_owned(), value())]).map(drop);
    let copy = Fields::new().clone().append(name, &value());
    [append, set, list, copy]
        .map(|taken| taken.map_or_else(|error| header_error(&error), |()| "ok"))
        .join(" ")
}
