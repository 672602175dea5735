//! `portcullis doctor`: what this host gives, and what to do about what it does not.

mod finding;
mod host;
mod setup;
mod walls;

use portcullis_wall::Held;
use serde_json::json;

use crate::arguments::{Common, Doctor};
use crate::exit::Exit;
use finding::State;

/// Runs the door. The wall comes last: it is really raised, and nothing can be looked at behind it.
pub(crate) fn main(arguments: &Doctor, common: &Common, hidden: &Held) -> anyhow::Result<Exit> {
    let mut findings = vec![host::version()];
    findings.extend(host::engine());
    findings.push(host::builtins());
    findings.push(setup::artefacts(common));
    findings.extend(setup::configuration(common));
    findings.push(walls::memory(hidden));
    findings.extend(walls::second(common));

    let missing = findings.iter().any(|finding| finding.state == State::Missing);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&json!({ "ok": !missing, "checks": findings }))?);
    } else {
        let width = findings.iter().map(|finding| finding.check.len()).max().unwrap_or_default();
        for finding in &findings {
            println!("{}", finding.text(width));
        }
    }
    Ok(if missing { Exit::No } else { Exit::Done })
}
