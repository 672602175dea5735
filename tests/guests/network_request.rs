//! Sends the requests that its handles spell, as they are spelled, and tells what came back. See `shared/request.rs`.

// rows: nothing_granted

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::answer::{ask, text};
use portcullis_hostile_guests::request::Request;

portcullis_hostile_guests::export_each!(attack);

fn attack(spelled: &str) -> String {
    Request::parse(spelled).map_or_else(|| String::from("no request"), |request| text(&ask(&request)))
}
