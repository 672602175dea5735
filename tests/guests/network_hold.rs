//! Opens `count` responses, reads none of them and lets go of none: not of the responses, not of their streams, not of what
//! would wake it. With `wait` it stays in the call until the host ends it.

// rows: nothing_granted, unread

#![cfg_attr(target_family = "wasm", no_main)]

use std::mem::forget;

use portcullis_guest::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use portcullis_guest::json::parse;
use portcullis_guest::log;
use portcullis_hostile_guests::http::{head, send};
use portcullis_hostile_guests::report::Report;
use portcullis_hostile_guests::request::{Request, flag, number};

portcullis_hostile_guests::export!(attack);

fn attack(spelled: &str) -> String {
    let Ok(value) = parse(spelled.as_bytes()) else { return String::from("no request") };
    let Some(request) = Request::read(&value) else { return String::from("no request") };
    let (mut held, mut other) = (0_u64, String::from("none"));
    for _ in 0..number(&value, "count").unwrap_or(1) {
        match hold(&request) {
            Ok(()) => held += 1,
            Err(code) => other = code,
        }
    }
    let report = Report::new().add("held", held.to_string()).add("other", other).finish();
    if flag(&value, "wait") {
        log::line(&report);
        subscribe_duration(u64::MAX / 2).block();
    }
    report
}

fn hold(request: &Request) -> Result<(), String> {
    let sent = send(request)?;
    let head = head(&sent.future)?;
    let body = head.response.consume().map_err(|()| String::from("taken"))?;
    let stream = body.stream().map_err(|()| String::from("taken"))?;
    forget((stream.subscribe(), stream, body, head, sent));
    Ok(())
}
