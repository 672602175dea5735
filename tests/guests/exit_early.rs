//! Leaves the program in place of answering. The parameter says with what: `ok`, `error` or a number.

// rows: ok, error, code

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::bindings::wasi::cli::exit;

portcullis_hostile_guests::export!(attack);

fn attack(status: &str) -> String {
    match status {
        "ok" => exit::exit(Ok(())),
        "error" => exit::exit(Err(())),
        code => exit::exit_with_code(code.parse().unwrap_or_default()),
    }
    String::from("still here")
}
