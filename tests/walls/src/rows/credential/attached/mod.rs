//! Rows 77 to 79: guests that reach for the credential that the host attaches. Each holds for every kind of credential.
//!
//! * [`kinds`]: the table of kinds.
//! * [`scene`]: one of them at work.
//! * [`forms`]: the forms in which a secret could be read.

mod forms;
mod kinds;
mod scene;

use portcullis_policy::{Event, Reason};
use serde_json::{Value, json};

use crate::Behaviour;
use crate::captured::{CANARIES, captured};
use forms::{decoded, hidden};
use scene::{Scene, each};

pub(crate) fn reflect_echo() -> Behaviour {
    Behaviour::new(
        77,
        "have the store show the credential: in its body, encoded, a byte at a time, in headers, errors, redirects",
        "it goes to its own destination alone, and what comes back of it is masked (defence in depth)",
    )
    .acts(|act| each(act, reflected))
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
        if form == "plain" && !shown.contains(&format!("{}: {}", kind.header, kind.comes_back)) {
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

pub(crate) fn dump_credentialed() -> Behaviour {
    Behaviour::new(
        78,
        "read all that a guest can read, its own requests too; set the credential's header itself",
        "the credential is nowhere; the guest's copy is left out, and that is told to the operator",
    )
    .acts(|act| each(act, dumped))
}

fn dumped(scene: &Scene<'_>) -> Result<(), String> {
    let kind = scene.kind;
    let mut calls = 0;
    for name in [kind.header].iter().chain(kind.others) {
        for spelled in [(*name).to_owned(), name.to_uppercase(), name.replacen('a', "A", 1)] {
            calls += 1;
            let request = json!({
                "scheme": "http", "authority": scene.store.address().to_string(), "path": "/echo/plain",
                "headers": [[spelled, "mine"], ["x-free", "yes"]],
            });
            // The first request is the one for which the source is asked.
            let told = if calls == 1 {
                let (told, log) = captured(|| scene.site.ask(&request));
                logged(&log, &scene.secrets())?;
                told?
            } else {
                scene.site.ask(&request)?
            };
            scene.hides(&told).map_err(|error| format!("{name}: {error}"))?;
            let answered = told.guest.pointer("/answer/status") == Some(&json!(200));
            if !answered || told.reasons() != [Reason::NetHeader] {
                return Err(format!("{name}: {told:?}"));
            }
            let expected = format!("header {name} to GET ");
            let target = |event: &Event| matches!(event, Event::Denied { target, .. } if target.as_str().starts_with(&expected));
            if !told.events.iter().any(target) {
                return Err(told.said());
            }
        }
    }
    let seen = scene.echoed();
    let own = format!("\r\n{}: ", kind.header);
    let right = |head: &String| {
        let head = head.to_lowercase();
        head.matches(&own).count() == 1
            && head.contains(&format!("{own}{}", kind.arrives.to_lowercase()))
            && !head.contains("mine")
    };
    if seen.len() == calls && seen.iter().all(right) {
        Ok(())
    } else {
        Err(format!("the store saw {seen:?}"))
    }
}

/// Nothing that anything in this process logs, at the finest level, has any of it.
fn logged(log: &str, secrets: &[String]) -> Result<(), String> {
    if !CANARIES.iter().all(|canary| log.contains(canary)) {
        return Err("the log was not captured".to_owned());
    }
    if hidden(log, secrets).is_ok() {
        return Ok(());
    }
    let line = log.lines().find_map(|line| hidden(line, secrets).err());
    Err(format!("logged: {}", line.unwrap_or_default()))
}

pub(crate) fn reflect_placeholder() -> Behaviour {
    Behaviour::new(
        79,
        "use what it takes for the credential at a host that gets none, and at hosts that are not allowed",
        "it stays the text that it is; the attempt is denied and told",
    )
    .acts(|act| each(act, placed))
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
