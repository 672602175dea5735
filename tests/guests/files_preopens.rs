//! Asks for the granted folders again and again. With the parameter `keep` it keeps every answer.

// rows: dropped, kept

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::granted;
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

const QUESTIONS: usize = 10_000;

fn attack(way: &str) -> String {
    for _ in 0..QUESTIONS {
        let answer = granted();
        if way == "keep" {
            std::mem::forget(answer);
        }
    }
    Report::new().add("questions", QUESTIONS.to_string()).finish()
}
