//! A backend that behaves, with the SDK's client, at servers that do not. Tells of each request the status, or the error, and
//! how often it was tried.

// rows: nothing_granted, recovers

#![cfg_attr(target_family = "wasm", no_main)]
#![cfg_attr(not(target_family = "wasm"), allow(dead_code, reason = "only a component has an export"))]

use std::time::Duration;

use portcullis_guest::http::{Client, Request};
use portcullis_guest::json::{Value, parse};
use portcullis_guest::{Failure, FailureKind, Provider, Resolution};
use portcullis_hostile_guests::request::{flag, items, number};

struct Backend;

portcullis_guest::export!(Backend);

impl Provider for Backend {
    fn resolve(handles: Vec<String>, deadline: Duration) -> Result<Vec<Resolution>, Failure> {
        let one = |handle: String| match handle.strip_prefix("attack:") {
            Some(spelled) => match resolve(spelled, deadline) {
                Ok(value) => Resolution::found(handle, value),
                Err(failure) => Resolution::failed(handle, failure),
            },
            None => Resolution::found(handle.clone(), handle),
        };
        Ok(handles.into_iter().map(one).collect())
    }
}

/// `{"requests": [{"method", "url", "body", "repeatable"}], "parallel", "attempts", "limit"}`.
fn resolve(spelled: &str, deadline: Duration) -> Result<String, Failure> {
    let no_request = || Failure::new(FailureKind::InvalidHandle, "no request");
    let value = parse(spelled.as_bytes()).map_err(|_| no_request())?;
    let of = |key: &str, default: usize| {
        number(&value, key).and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
    };
    let attempts = u32::try_from(of("attempts", 3)).map_err(|_| no_request())?;
    let client =
        Client::new(deadline).parallel(of("parallel", 8)).attempts(attempts).body_limit(of("limit", 1 << 20));
    let requests: Option<Vec<Request>> = items(&value, "requests").iter().map(request).collect();
    let told: Vec<String> = client
        .send_all(&requests.ok_or_else(no_request)?)
        .into_iter()
        .map(|answer| match answer {
            Ok(answer) => {
                let length = answer.body().len();
                match answer.ok() {
                    Ok(answer) => format!("{} {length}", answer.status()),
                    Err(failure) => format!("{:?} {}", failure.kind, failure.message),
                }
            }
            Err(error) => error.to_string(),
        })
        .collect();
    Ok(told.join("\n"))
}

fn request(value: &Value) -> Option<Request> {
    let text = |key: &str| value.get_last(key).and_then(Value::as_str);
    let mut request = Request::new(text("method").unwrap_or("GET"), text("url")?);
    if let Some(body) = text("body") {
        request = request.body(body);
    }
    Some(if flag(value, "repeatable") { request.repeatable() } else { request })
}
