//! Reads all that a guest can read: every setting, the environment, arguments and folder, every granted file, and the headers
//! of its own requests before and after they are sent. Tells it, logs it, and fails a handle with it.

// rows: credentialed, nothing_granted

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::bindings::wasi::config::store;
use portcullis_guest::json::{Value, parse};
use portcullis_guest::log;
use portcullis_hostile_guests::answer::{ask, object, string, text};
use portcullis_hostile_guests::bindings::wasi::cli::environment;
use portcullis_hostile_guests::files::{content, granted};
use portcullis_hostile_guests::http::{Fields, build};
use portcullis_hostile_guests::request::{Request, items};

portcullis_hostile_guests::export!(attack);

/// Keys that a setting with a credential could have, beside those that are listed.
const KEYS: &[&str] = &[
    "",
    "token",
    "password",
    "secret",
    "vault_token",
    "vault_session",
    "vault_session.vault_token",
    "aws_session.aws_secret_access_key",
    "azure_session.client_secret",
    "credential",
    "tls",
    "tls.key",
];

/// The parameter spells a request to which the host attaches a credential; `settings` in it are names that are asked for, too.
fn attack(spelled: &str) -> String {
    let mut read = Vec::new();
    let listed = store::get_all().unwrap_or_default();
    read.extend(listed.into_iter().map(|(key, value)| (format!("setting {key}"), string(value))));
    let spelt = parse(spelled.as_bytes()).ok();
    let named = spelt.iter().flat_map(|spelt| items(spelt, "settings")).filter_map(Value::as_str);
    for key in KEYS.iter().copied().chain(named) {
        if let Ok(Some(value)) = store::get(key) {
            read.push((format!("asked setting {key}"), string(value)));
        }
    }
    for (name, value) in environment::get_environment() {
        read.push((format!("variable {name}"), string(value)));
    }
    read.push((String::from("arguments"), string(environment::get_arguments().join(" "))));
    read.push((String::from("folder"), string(environment::initial_cwd().unwrap_or_default())));
    for (folder, name) in granted() {
        for file in listing(&folder) {
            read.push((format!("file {name}/{file}"), string(content(&folder, &file))));
        }
    }
    if let Some(request) = Request::parse(spelled) {
        // The same fields are looked at before they are handed over, in the request, and after it is answered.
        let before = portcullis_hostile_guests::http::fields(&request.headers);
        read.push((String::from("own fields"), before.as_ref().map_or(Value::Null, headers)));
        let built = build(&request).map(|outgoing| headers(&outgoing.headers()));
        read.push((String::from("own request"), built.unwrap_or(Value::Null)));
        read.push((String::from("answer"), ask(&request)));
        read.push((String::from("own fields after"), before.as_ref().map_or(Value::Null, headers)));
    }
    let read = text(&object(read.iter().map(|(name, value)| (name.as_str(), value.clone()))));
    log::line(&read);
    read
}

fn headers(fields: &Fields) -> Value {
    let pair = |(name, value): &(String, Vec<u8>)| {
        Value::Array(vec![string(name), string(String::from_utf8_lossy(value))])
    };
    Value::Array(fields.entries().iter().map(pair).collect())
}

fn listing(folder: &portcullis_hostile_guests::files::Descriptor) -> Vec<String> {
    let Ok(stream) = folder.read_directory() else { return Vec::new() };
    let mut names = Vec::new();
    while let Ok(Some(entry)) = stream.read_directory_entry() {
        names.push(entry.name);
    }
    names
}
