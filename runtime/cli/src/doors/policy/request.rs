//! `portcullis policy explain --request`: the decision on one request, without sending it.

use anyhow::Context as _;
use portcullis_policy::network::Credential;
use portcullis_policy::{AuthorizedRequest, Denial, Policy, Request};
use serde_json::json;

use crate::exit::Exit;

/// Prints what the policy says to `METHOD URL` with these headers.
pub(super) fn explain(policy: &Policy, text: &str, headers: &[String], json: bool) -> anyhow::Result<Exit> {
    let (method, url) = text.split_once(' ').with_context(|| {
        format!("--request {text:?}: expected a method, a space and a URL: `GET https://host/path`")
    })?;
    let decision = Request::parse(method, url, headers)
        .map_err(|error| error.denial(policy.provider()))
        .and_then(|request| policy.decide_request(&request));
    match (&decision, json) {
        (Ok(request), true) => println!("{}", serde_json::to_string_pretty(&allowed(policy, request))?),
        (Err(denial), true) => println!("{}", serde_json::to_string_pretty(&refused(policy, denial))?),
        (Ok(request), false) => print!("{}", table(policy, request)),
        (Err(denial), false) => println!("refused: {denial}"),
    }
    Ok(if decision.is_ok() { Exit::Done } else { Exit::No })
}

fn allowed(policy: &Policy, request: &AuthorizedRequest) -> serde_json::Value {
    let destination = request.destination();
    json!({
        "allowed": true,
        "provider": policy.provider().as_str(),
        "policy": policy.id().to_string(),
        "destination": destination.name(),
        "origin": destination.origin().to_string(),
        "rule": request.rule().to_string(),
        "headers": request.headers(),
        "dropped_headers": request.dropped_headers(),
        "credential": request.credential().map(Credential::describe),
    })
}

fn refused(policy: &Policy, denial: &Denial) -> serde_json::Value {
    json!({
        "allowed": false,
        "provider": policy.provider().as_str(),
        "policy": policy.id().to_string(),
        "reason": denial.reason(),
        "message": denial.message(),
    })
}

/// A line for each thing that there is to say.
fn table(policy: &Policy, request: &AuthorizedRequest) -> String {
    let destination = request.destination();
    let mut lines = vec![
        format!("allowed by {}", request.rule()),
        format!("  provider     {}  policy {}", policy.provider(), policy.id()),
        format!("  destination  {}: {}", destination.name(), destination.origin()),
    ];
    for (title, names) in [("headers", request.headers()), ("left out", request.dropped_headers())] {
        if !names.is_empty() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            lines.push(format!("  {title:<12} {}", names.join(", ")));
        }
    }
    if let Some(credential) = request.credential() {
        lines.push(format!("  credential   {}", credential.describe()));
    }
    lines.join("\n") + "\n"
}
