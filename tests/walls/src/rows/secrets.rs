//! Row 80: guests that crash at the moment at which secrets are in the host's memory and in theirs.

use portcullis_policy::Event;
use portcullis_sandbox::CallError;

use crate::captured::CANARIES;
use crate::observed::Ended;
use crate::{Behaviour, Observed};

const SETTING: &str = "marker-in-a-setting";
const VARIABLE: &str = "marker-in-a-variable";
const FILE: &str = "marker-in-a-granted-file";
const ANSWER: &str = "marker-in-an-answer";

/// What the guest says before it ends: it did hold them all.
const HELD: &str = "setting=19;variable=20;file=24";

/// A guest that is given a secret in every way that there is.
fn given(attack: &'static str, outcome: &'static str) -> Behaviour {
    Behaviour::new(80, attack, outcome)
        .settings(&[("token", SETTING)])
        .grants(
            "environment: { TOKEN: { from: HOST_TOKEN } }\n\
             filesystem: [{ host: \"{scene}/token\", guest: /in/token }]",
        )
        .environment(&[("HOST_TOKEN", VARIABLE)])
        .scene(|scene| std::fs::write(scene.join("token"), FILE))
        .logged()
}

/// What the host says of a crash. That the process leaves no core file is the command's part.
const SILENT: &str =
    "no value in the error, its `Debug`, the events and the finest log (`doctor` tells of core files)";

pub(crate) fn crash_trap() -> Behaviour {
    given("crash while its setting, variable and file, all secret, are in memory", SILENT)
        .handles(&["attack:trap", "second"])
        .ends(|observed| {
            trapped(observed)?;
            silent(observed, &[HELD])
        })
}

pub(crate) fn crash_exit() -> Behaviour {
    given("exit with a failure while its setting, variable and file, all secret, are in memory", SILENT)
        .handles(&["attack:exit", "second"])
        .ends(|observed| {
            observed.error_is("Exited", |error| matches!(error, CallError::Exited))?;
            silent(observed, &[HELD])
        })
}

pub(crate) fn crash_panic() -> Behaviour {
    given("panic with the secrets that it was given as the text", SILENT)
        .handles(&["attack:panic", "second"])
        .ends(|observed| {
            trapped(observed)?;
            silent(observed, &[HELD])
        })
}

pub(crate) fn crash_after_answer() -> Behaviour {
    Behaviour::new(80, "crash when the host holds its answer and lets it clean up", SILENT).logged().ends(
        |observed| {
            trapped(observed)?;
            silent(observed, &[])
        },
    )
}

pub(crate) fn crash_log() -> Behaviour {
    given(
        "write the secrets that it was given to its own log, and crash",
        "they are in its own lines, marked as its text: what a guest is given it can log; nowhere else",
    )
    .handles(&["attack:log", "second"])
    .ends(|observed| {
        trapped(observed)?;
        silent(observed, &[HELD, &format!("{SETTING} {VARIABLE} {FILE}")])
    })
}

fn trapped(observed: &Observed) -> Result<(), String> {
    observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))
}

/// The guest wrote these lines; of what the host says beside them nothing has a marker in it.
fn silent(observed: &Observed, wrote: &[&str]) -> Result<(), String> {
    let (lines, events): (Vec<&Event>, Vec<&Event>) =
        observed.events.iter().partition(|event| matches!(event, Event::GuestLog { .. }));
    let lines = lines.into_iter().filter_map(|event| match event {
        Event::GuestLog { provider, line, .. } if provider.as_str() == "guest" => Some(line.as_str()),
        _ => None,
    });
    if !lines.eq(wrote.iter().copied()) {
        return Err(format!("expected the lines {wrote:?}, saw {:?}", observed.events));
    }
    if let Some(missing) = CANARIES.iter().find(|canary| !observed.said.contains(**canary)) {
        return Err(format!("the log was not captured: '{missing}' is missing"));
    }
    let ended = &observed.ended;
    let error = match ended {
        Some(Err(Ended::Called(error))) => error.to_string(),
        other => return Err(format!("expected an error, saw {other:?}")),
    };
    let said = format!("{error}\n{ended:?}\n{ended:#?}\n{events:?}\n{events:#?}\n{}", observed.said);
    for marker in [SETTING, VARIABLE, FILE, ANSWER] {
        // As text, and as `Debug` shows bytes.
        let bytes = format!("{:?}", marker.as_bytes());
        for shape in [marker, bytes.trim_matches(['[', ']'])] {
            if said.contains(shape) {
                return Err(format!("'{marker}' is in what the host says"));
            }
        }
    }
    Ok(())
}
