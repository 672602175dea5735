//! `portcullis exec`: the exec protocol, JSON on standard input, JSON on standard output.
//!
//! With a type in the request this stands in for the agent's connector; without one the configured providers answer.
//! What fails for a handle is that handle's error and exit code 0; what is wrong with the request, or with the
//! configuration, is a line on standard error and exit code 1, with nothing on standard output.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::Context as _;
use portcullis::{Handle, Plan};
use portcullis_compat::exec::{Answer, Request, unsupported_type};
use portcullis_compat::json::Value as Settings;
use portcullis_secrets::{Failure, FailureKind, Resolution};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::arguments::Common;
use crate::exit;
use crate::stdio;
use crate::tasks;

/// Largest request that is read, in bytes: a batch of 10,000 handles is far below.
const MAX_REQUEST: u64 = 64 << 20;

/// Runs the door. Errors are stamped as the reference stamps its log lines.
pub(crate) fn main(common: &Common) -> ExitCode {
    match answer(common) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} {}", stamp(), exit::describe(&error));
            ExitCode::FAILURE
        }
    }
}

fn answer(common: &Common) -> anyhow::Result<()> {
    let input = stdio::read(MAX_REQUEST).context("failed to read from stdin")?;
    if input.len() as u64 > MAX_REQUEST {
        anyhow::bail!("failed to read from stdin: the request has more than {MAX_REQUEST} bytes");
    }
    let request = Request::parse(&input)?;
    let handles: BTreeSet<&str> = request.handles().iter().map(String::as_str).collect();
    let handles: Vec<Handle> = handles.into_iter().map(Handle::new).collect();

    let resolutions = if handles.is_empty() { Vec::new() } else { resolutions(&request, &handles, common)? };
    write(&resolutions)
}

fn resolutions(request: &Request, handles: &[Handle], common: &Common) -> anyhow::Result<Vec<Resolution>> {
    let files = common.trusted_files();
    let ceiling = common.ceiling(&files)?;
    let configured = match common.configuration(&files)? {
        Some(configuration) => Some(Plan::compile(configuration, ceiling.as_ref())?),
        None => None,
    };
    let named = request.backend_type().filter(|backend_type| !backend_type.is_empty());
    let plan = match (named, configured) {
        (Some(_), Some(plan)) if !plan.allows_payload_type() => {
            let refused =
                "the configuration refuses requests that name a backend type (payload_type: refuse)";
            return Ok(Resolution::all_failed(handles, &Failure::new(FailureKind::Denied, refused)));
        }
        (Some(backend_type), _) => {
            let none = Settings::Object(Vec::new());
            let settings = request.config().unwrap_or(&none);
            Plan::payload(backend_type, settings, request.timeout(), ceiling.as_ref())?
        }
        (None, Some(plan)) => plan,
        (None, None) => {
            let failure = Failure::new(FailureKind::Other, unsupported_type(""));
            return Ok(Resolution::all_failed(handles, &failure));
        }
    };
    let resolver = common.resolver(plan, files, handles)?;
    let resolutions = tasks::block_on(&resolver, resolver.resolve_handles(handles))?;
    tasks::leave_to_exit(resolver);
    Ok(resolutions)
}

/// Writes the whole answer at once, or nothing of it.
fn write(resolutions: &[Resolution]) -> anyhow::Result<()> {
    let mut answer = Answer::default();
    for resolution in resolutions {
        let outcome = match &resolution.outcome {
            Ok(secret) => Ok(secret.value.expose_secret()),
            Err(failure) => Err(failure.message.as_str()),
        };
        answer.insert(resolution.handle.as_str(), outcome);
    }
    let mut text = Zeroizing::new(String::new());
    answer.render_into(&mut text);
    stdio::write(text.as_bytes()).context("failed to write the answer")
}

/// `2026/01/02 15:04:05`, in UTC.
fn stamp() -> String {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    now.trim_end_matches('Z').replace('-', "/").replace('T', " ")
}
