//! Tables of requests that must not leave: each in a call of its own, so that each has its own reason.

use portcullis_policy::Reason;
use portcullis_test_servers::Server;
use serde_json::{Value, json};

use super::Site;

/// Who says no, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// The policy, for this reason: the guest sees `HTTP-request-denied`, and nothing tells one denial from another.
    Denied(Reason),
    /// The interface of HTTP: this part is not taken.
    Part(&'static str),
}

/// A request: the keys that differ from a permitted one, and what becomes of it.
pub(crate) type Spelled = (Value, Expected);

/// Sends each. A request without differences must be answered, before and after: else the refusals would prove nothing.
pub(crate) fn refuses(
    site: &Site<'_>,
    server: &Server,
    permitted: &Value,
    rows: &[Spelled],
) -> Result<(), String> {
    site.ask(permitted)?.status(200)?;
    let (asked, connections) = (site.names.asked(), server.seen().connections());
    let requests = server.seen().requests().len();
    let mut wrong = Vec::new();
    for (differs, expected) in rows {
        let mut request = permitted.clone();
        if let (Some(request), Some(differs)) = (request.as_object_mut(), differs.as_object()) {
            request.extend(differs.clone());
        }
        if let Err(error) = refused(site, &request, *expected) {
            wrong.push(format!("{differs}: {error}"));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    if site.names.asked() != asked || server.seen().requests().len() != requests {
        return Err(format!("something left: {:?}, {:?}", site.names.asked(), server.seen().lines()));
    }
    if server.seen().connections() != connections {
        return Err("something was connected to".to_owned());
    }
    site.ask(permitted)?.status(200)?;
    site.calm()
}

fn refused(site: &Site<'_>, request: &Value, expected: Expected) -> Result<(), String> {
    let told = site.ask(request)?;
    match expected {
        Expected::Denied(reason) => {
            told.denied(reason)?;
            // Nothing beside the error, but for what became of a body.
            let alike =
                told.guest == json!({ "error": "HttpRequestDenied" }) || request.get("body").is_some();
            if alike { Ok(()) } else { Err(format!("it tells more: {told:?}")) }
        }
        Expected::Part(part) => {
            let right = told.guest == json!({ "refused": part }) && told.events.is_empty();
            if right { Ok(()) } else { Err(format!("expected the refusal of {part}, saw {told:?}")) }
        }
    }
}
