//! Holds every secret that it was given, says how long each is, and ends. The parameter says how: by a trap, by leaving, by
//! a panic with the secrets in its text, or after writing them to its own log.

// rows: trap, exit, panic, log

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::{log, settings};
use portcullis_hostile_guests::bindings::wasi::cli::{environment, exit};
use portcullis_hostile_guests::files::{folder, read};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

#[expect(clippy::panic, reason = "the text of a panic is what is tried")]
fn attack(how: &str) -> String {
    let setting = settings::get("token").ok().flatten().unwrap_or_default();
    let variables = environment::get_environment();
    let variable = variables.into_iter().find(|(name, _)| name == "TOKEN").unwrap_or_default().1;
    let file = folder().and_then(|folder| read(&folder, "token", 4096).ok()).unwrap_or_default();
    let file = String::from_utf8_lossy(&file).into_owned();
    let lengths = [("setting", &setting), ("variable", &variable), ("file", &file)]
        .into_iter()
        .fold(Report::new(), |mut report, (name, secret)| {
            report.add(name, secret.len().to_string());
            report
        })
        .finish();
    log::line(&lengths);
    match how {
        "exit" => exit::exit(Err(())),
        "panic" => panic!("{setting} {variable} {file}"),
        "log" => log::line(&format!("{setting} {variable} {file}")),
        _ => {}
    }
    std::process::abort()
}
