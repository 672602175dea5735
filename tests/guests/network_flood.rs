//! Sends one request `count` times, `at_once` of them before it looks at the first answer, and counts what came of them.
//! `hold` keeps every one of them until the end.

// rows: held, nothing_granted, requests

#![cfg_attr(target_family = "wasm", no_main)]

use std::collections::BTreeMap;

use portcullis_guest::bindings::wasi::io::poll::{Pollable, poll};
use portcullis_guest::json::parse;
use portcullis_hostile_guests::answer::{number, object, text};
use portcullis_hostile_guests::http::{Sent, head, read, send};
use portcullis_hostile_guests::request::{Request, flag, number as count_of};

portcullis_hostile_guests::export!(attack);

fn attack(spelled: &str) -> String {
    let Ok(value) = parse(spelled.as_bytes()) else { return String::from("no request") };
    let Some(request) = Request::read(&value) else { return String::from("no request") };
    let (count, hold) = (count_of(&value, "count").unwrap_or(1), flag(&value, "hold"));
    let at_once = count_of(&value, "at_once").unwrap_or(1).max(1);
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    let mut held = Vec::new();
    let mut begun = 0;
    while begun < count {
        let mut open = Vec::new();
        let batch = at_once.min(count - begun);
        begun += batch;
        for _ in 0..batch {
            match send(&request) {
                Ok(sent) => open.push(sent),
                Err(refused) => *outcomes.entry(refused).or_default() += 1,
            }
        }
        // Whichever is answered first: the host need not send them in their order.
        while !open.is_empty() {
            let awaited: Vec<Pollable> = open.iter().map(|sent| sent.future.subscribe()).collect();
            let mut ready = poll(&awaited.iter().collect::<Vec<_>>());
            drop(awaited);
            // From the last on, so that the places of the others stay.
            ready.sort_unstable();
            for index in ready.into_iter().rev().filter_map(|index| usize::try_from(index).ok()) {
                let sent = open.remove(index);
                *outcomes.entry(ended(&sent, request.most)).or_default() += 1;
                if hold {
                    held.push(sent);
                }
            }
        }
    }
    text(&object(outcomes.iter().map(|(outcome, count)| (outcome.as_str(), number(*count)))))
}

/// The status with the end of the body, or the code of an error.
fn ended(sent: &Sent, most: u64) -> String {
    match head(&sent.future) {
        Ok(head) if most == 0 => head.status.to_string(),
        Ok(head) => format!("{} {}", head.status, read(&head.response, most).end),
        Err(code) => code,
    }
}
