//! Row 78: all that a guest can read, and all that the process logs meanwhile.

use portcullis_policy::{Event, Reason};
use serde_json::json;

use super::forms::hidden;
use super::scene::{Scene, each, giving, refusing};
use crate::Behaviour;
use crate::captured::{CANARIES, captured};

pub(crate) fn dump_credentialed() -> Behaviour {
    Behaviour::new(
        78,
        "read all that a guest can read, its own requests too; set the credential's header itself",
        "the credential is nowhere; the guest's copy is left out, and that is told to the operator",
    )
    .acts(|act| {
        each(act, giving, dumped)?;
        each(act, refusing, refused)
    })
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

/// Without a credential the request does not leave, and what the source says is not repeated to anybody.
fn refused(scene: &Scene<'_>) -> Result<(), String> {
    let request = json!({
        "scheme": "http", "authority": scene.store.address().to_string(), "path": "/echo/plain",
    });
    let (told, log) = captured(|| scene.site.ask(&request));
    let told = told?;
    logged(&log, &scene.secrets())?;
    scene.hides(&told)?;
    let failed = told.events.iter().any(|event| matches!(event, Event::RequestFailed { .. }));
    if !failed || told.guest.pointer("/answer/error") != Some(&json!("ConfigurationError")) {
        return Err(format!("{told:?}"));
    }
    let seen = scene.echoed();
    if seen.is_empty() { Ok(()) } else { Err(format!("the store saw {seen:?}")) }
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
