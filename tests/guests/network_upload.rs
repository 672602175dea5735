//! Sends a body that is far too long, or one that never ends, and tells how much of it was taken.

// rows: endless, nothing_granted

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::answer::{number, object, string, text};
use portcullis_hostile_guests::http::{head, send};
use portcullis_hostile_guests::request::Request;

portcullis_hostile_guests::export!(attack);

fn attack(spelled: &str) -> String {
    let Some(request) = Request::parse(spelled) else { return String::from("no request") };
    let sent = match send(&request) {
        Ok(sent) => sent,
        Err(refused) => return text(&object([("refused", string(refused))])),
    };
    let end = match head(&sent.future) {
        Ok(head) => head.status.to_string(),
        Err(code) => code,
    };
    let unsent = sent.wrote.refused.clone().unwrap_or_else(|| String::from("all sent"));
    text(&object([("wrote", number(sent.wrote.bytes)), ("unsent", string(unsent)), ("end", string(end))]))
}
