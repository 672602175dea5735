//! Rows 77 and 79: what comes back from the store, and from elsewhere.

use portcullis_policy::Event;
use serde_json::{Value, json};

use super::forms::{decoded, hidden};
use super::scene::{Scene, each, giving};
use crate::Behaviour;

pub(crate) fn reflect_echo() -> Behaviour {
    Behaviour::new(
        77,
        "have the store show the credential: in its body, encoded, a byte at a time, in headers, errors, redirects",
        "it goes to its own destination alone, and what comes back of it is masked (defence in depth)",
    )
    .acts(|act| each(act, giving, reflected))
}

fn reflected(scene: &Scene<'_>) -> Result<(), String> {
    let kind = scene.kind;
    let forms = [
        "plain", "hex", "base64", "percent", "json", "bytes", "header", "trailer", "location", "here",
        "error",
    ];
    for form in forms {
        let told = scene.site.ask(&json!({
            "scheme": "http", "authority": scene.store.address().to_string(), "path": format!("/echo/{form}"),
            "header": kind.header, "placeholder": "placeholder-of-the-guest",
        }))?;
        scene.hides(&told).map_err(|error| format!("{form}: {error}"))?;
        if form == "base64" {
            decoded(&told.guest, kind.header, &scene.secrets())?;
        }
        let shown = told.guest.pointer("/plain/body").and_then(Value::as_str).unwrap_or_default();
        let parts = [format!("{}: {}", kind.header, kind.comes_back), " knows ***".to_owned()];
        if form == "plain" && !parts.iter().all(|part| shown.contains(part)) {
            return Err(format!("nothing came back, or nothing is masked: {told:?}"));
        }
    }
    let seen = scene.echoed();
    let arrives = format!("\r\n{}: {}", kind.header, kind.arrives);
    if seen.is_empty() || !seen.iter().all(|head| head.contains(&arrives)) {
        return Err(format!("the store saw {seen:?}"));
    }
    if seen.iter().any(|head| head.contains("placeholder-of-the-guest\r\n")) {
        return Err(format!("the store saw the guest's own: {seen:?}"));
    }
    scene.site.untouched(&[&scene.other])
}

pub(crate) fn reflect_placeholder() -> Behaviour {
    Behaviour::new(
        79,
        "use what it takes for the credential at a host that gets none, and at hosts that are not allowed",
        "it stays the text that it is; the attempt is denied and told",
    )
    .acts(|act| each(act, giving, placed))
}

fn placed(scene: &Scene<'_>) -> Result<(), String> {
    let kind = scene.kind;
    let request = |authority: String| {
        json!({
            "scheme": "http", "authority": authority, "path": "/echo/plain",
            "header": kind.header, "placeholder": "placeholder-of-the-guest",
        })
    };
    // An allowed origin without a credential: no rule lists the header, and no text becomes one.
    let told = scene.site.ask(&request(scene.other.address().to_string()))?;
    scene.hides(&told)?;
    for refused in ["own header", "own header in capitals", "own header with underscores"] {
        if told.guest.pointer(&format!("/{refused}/error")) != Some(&json!("HttpRequestDenied")) {
            return Err(format!("{refused}: {told:?}"));
        }
    }
    let seen = String::from_utf8_lossy(&scene.other.seen().requests().concat()).into_owned();
    if seen.contains(&format!("\n{}:", kind.header))
        || !seen.contains("GET /echo/plain?v=placeholder-of-the-guest ")
    {
        return Err(format!("the other origin saw {seen}"));
    }
    hidden(&seen, &scene.secrets())?;
    // An origin that nobody allowed.
    let told = scene.site.ask(&request("evil.example".to_owned()))?;
    let denied = told.events.iter().filter(|event| matches!(event, Event::Denied { .. })).count();
    if denied == 0 || told.guest.pointer("/own header/error") != Some(&json!("HttpRequestDenied")) {
        return Err(format!("{told:?}"));
    }
    scene.hides(&told)?;
    // Nobody was asked for a credential that goes nowhere.
    scene.site.untouched(&[&scene.store, &scene.source])
}
