//! What a secret backend is today: a small native program that the agent starts for every batch.
//!
//! It reads a request of the exec protocol from standard input and writes the answer to standard output. With
//! `config.file_path` in the request it looks the handles up in that JSON file; without, each handle is its own value.
//! It has no dependency and checks little: it is the floor that a helper process can reach, not an example.

#![forbid(unsafe_code)]

mod json;

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use json::Json;

fn main() -> ExitCode {
    let mut request = String::new();
    if std::io::stdin().read_to_string(&mut request).is_err() {
        return ExitCode::FAILURE;
    }
    let Some(answer) = answer(&request) else { return ExitCode::FAILURE };
    match std::io::stdout().write_all(answer.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(request: &str) -> Option<String> {
    let request = json::parse(request)?;
    let secrets = match request.get("config").and_then(|config| config.get("file_path")) {
        Some(path) => Some(json::parse(&std::fs::read_to_string(path.text()?).ok()?)?),
        None => None,
    };
    let mut answer = String::from("{");
    for handle in request.get("secrets")?.items()? {
        let handle = handle.text()?;
        let value = match &secrets {
            Some(secrets) => secrets.get(handle).and_then(Json::text),
            None => Some(handle),
        };
        if answer.len() > 1 {
            answer.push(',');
        }
        json::write_text(handle, &mut answer);
        match value {
            Some(value) => {
                answer.push_str(":{\"value\":");
                json::write_text(value, &mut answer);
                answer.push_str(",\"error\":null}");
            }
            None => answer.push_str(":{\"value\":null,\"error\":\"no such secret\"}"),
        }
    }
    answer.push_str("}\n");
    Some(answer)
}
