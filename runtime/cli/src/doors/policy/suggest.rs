//! `portcullis policy suggest`: from what was denied to what a policy would need.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use portcullis::Plan;
use portcullis::audit::{self, Record};
use portcullis_policy::network::{AskedRequest, Suggestions};
use serde_json::json;

use crate::exit::Exit;
use crate::stdio;

/// Largest audit file that is read, in bytes.
const MAX_AUDIT: u64 = 256 << 20;

/// Runs the door.
pub(crate) fn main(plan: &Plan, from: &Path, json: bool) -> anyhow::Result<Exit> {
    let records =
        audit::read(&read(from)?).with_context(|| format!("{} is no audit file", from.display()))?;
    let mut asked: BTreeMap<&str, BTreeSet<&AskedRequest>> = BTreeMap::new();
    for Record { provider, asked: request, .. } in &records {
        if let Some(request) = request {
            asked.entry(provider).or_default().insert(request);
        }
    }
    let mut shown = Vec::new();
    for (name, requests) in asked {
        match plan.providers().get(name) {
            Some(provider) => shown.push((name, provider.policy.suggest(requests))),
            None => tracing::warn!("{name} is not in this configuration: left out"),
        }
    }
    if json {
        let all: Vec<_> =
            shown.iter().map(|(name, found)| json!({ "provider": name, "suggestions": found })).collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
    } else {
        shown.iter().for_each(|(name, found)| print(name, found));
    }
    Ok(Exit::Done)
}

fn print(name: &str, found: &Suggestions) {
    if found.additions.is_empty() && found.never.is_empty() {
        println!("# {name}: nothing to add; {} requests are allowed by now", found.allowed);
        return;
    }
    println!("# providers.{name}.network: review each line, a guest may ask for anything");
    for addition in &found.additions {
        print!("{addition}");
    }
    for never in &found.never {
        println!("# stays denied: {never}");
    }
}

fn read(from: &Path) -> anyhow::Result<String> {
    let bytes = if from == Path::new("-") {
        stdio::read(MAX_AUDIT).context("cannot read standard input")?
    } else {
        let file = std::fs::File::open(from).with_context(|| format!("cannot open {}", from.display()))?;
        stdio::read_from(file, MAX_AUDIT).with_context(|| format!("cannot read {}", from.display()))?
    };
    if bytes.len() as u64 > MAX_AUDIT {
        anyhow::bail!("{} has more than {MAX_AUDIT} bytes: give a part of it", from.display());
    }
    let text = std::str::from_utf8(&bytes).with_context(|| format!("{} is not UTF-8", from.display()))?;
    Ok(text.to_owned())
}
