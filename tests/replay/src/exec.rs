//! The exec protocol: a request from anybody, and the answer to it.

use std::collections::BTreeMap;

use portcullis_compat::exec::{Answer, Request};
use portcullis_compat::json::{Value, parse, write_string, write_value};
use portcullis_compat::settings;

use crate::place::assert_one_line;

/// A century, the longest time that a request can give.
const CENTURY: u64 = 3_155_760_000;

/// The settings' error lists every fault: more words than any other.
const MOST_FAULTS: usize = 1 << 20;

/// Any bytes: a clear error, or a request that keeps its meaning when it is written down and read again. Its handles,
/// with outcomes of all kinds, make an answer that is valid JSON and gives back exactly these outcomes.
pub fn exec(data: &[u8]) {
    let request = match Request::parse(data) {
        Ok(request) => request,
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with("failed to unmarshal input: "), "{text}");
            // A number is quoted whole, as the reference does.
            assert_one_line(text.get(..text.floor_char_boundary(1024)).unwrap());
            return;
        }
    };
    assert!(request.timeout().as_secs() <= CENTURY && request.timeout().subsec_nanos() == 0);
    let written = written(&request);
    let again = Request::parse(written.as_bytes()).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(again.handles(), request.handles());
    assert_eq!(again.backend_type(), request.backend_type());
    assert!(again.config() == request.config(), "other settings: {written}");
    assert!(parse(written.as_bytes()).is_ok());
    assert!(serde_json::from_str::<serde_json::Value>(&written).is_ok() || is_deep(&written), "{written}");

    decode(&request);
    answer(&request, &String::from_utf8_lossy(data));
}

/// serde_json reads 127 levels.
fn is_deep(text: &str) -> bool {
    text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() > 120
}

/// The request in its shortest form.
fn written(request: &Request) -> String {
    let mut out = String::from("{\"secrets\":[");
    for (at, handle) in request.handles().iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        write_string(&mut out, handle);
    }
    out.push(']');
    if let Some(backend_type) = request.backend_type() {
        out.push_str(",\"type\":");
        write_string(&mut out, backend_type);
    }
    if let Some(config) = request.config() {
        out.push_str(",\"config\":");
        write_value(&mut out, config);
    }
    out.push('}');
    out
}

/// The settings as each built-in type reads them: decoded, or refused in words. No credential is passed to a guest.
fn decode(request: &Request) {
    let none = Value::Object(Vec::new());
    let given = request.config().unwrap_or(&none);
    for backend_type in settings::BACKEND_TYPES {
        let Some(schema) = settings::schema(backend_type) else { continue };
        let view = settings::guest_view(schema, given);
        assert!(settings::guest_view(schema, &view) == view, "what a guest sees is seen again");
        drop(settings::flatten(&view));
        match settings::decode(schema, given) {
            Ok(_) => assert!(settings::decode(schema, &view).is_ok(), "{backend_type}: the guest refuses"),
            Err(error) => {
                let text = error.to_string();
                assert!(!error.faults().is_empty() && text.len() <= MOST_FAULTS);
                assert!(settings::decode(schema, &view).is_err(), "{backend_type}: the guest takes it");
            }
        }
    }
}

fn answer(request: &Request, text: &str) {
    let mut outcomes = BTreeMap::new();
    for (at, handle) in request.handles().iter().enumerate() {
        let said = request.handles().get(at + 1).map_or(text, String::as_str);
        outcomes.insert(handle.as_str(), if at % 2 == 0 { Ok(said) } else { Err(said) });
    }
    let mut answer = Answer::default();
    outcomes.iter().for_each(|(handle, outcome)| answer.insert(handle, *outcome));
    let mut out = String::new();
    answer.render_into(&mut out);
    assert_eq!(out.len(), answer.rendered_len());
    type Read = BTreeMap<String, BTreeMap<String, Option<String>>>;
    let read: Read = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
    assert_eq!(read.len(), outcomes.len());
    for (handle, outcome) in outcomes {
        let found = &read[handle];
        assert_eq!(found.len(), 2);
        assert_eq!(found["value"].as_deref(), outcome.ok());
        assert_eq!(found["error"].as_deref(), outcome.err());
    }
}
