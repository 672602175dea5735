//! `portcullis artefacts`: what is in the folder of compiled components, whether it is good, and clearing it up.

use std::time::{Duration, SystemTime};

use portcullis_sandbox::{ArtefactStore, Engine, Pruned, StoredFile, StoredKind, Verdict};
use serde_json::{Value, json};

use crate::arguments::{Artefacts, ArtefactsAction, Common};
use crate::exit::Exit;

/// Runs the door.
pub(crate) fn main(arguments: &Artefacts, common: &Common) -> anyhow::Result<Exit> {
    let store = common.artefacts(ArtefactStore::open_existing)?;
    let engine = Engine::on_demand(1)?;
    match arguments.action {
        ArtefactsAction::List { json } => list(&store, &engine, json),
        ArtefactsAction::Verify { json } => verify(&store, &engine, json),
        ArtefactsAction::Prune { all, dry_run, json } => prune(&store, &engine, all, dry_run, json),
    }
}

fn list(store: &ArtefactStore, engine: &Engine, json: bool) -> anyhow::Result<Exit> {
    let files = store.files(engine)?;
    if json {
        let files = files.iter().map(described).collect();
        return print_json(store, files, json!({}), Exit::Done);
    }
    for file in &files {
        let state = match file.kind {
            StoredKind::Artefact { current: true, .. } => "current",
            StoredKind::Artefact { .. } => "stale",
            StoredKind::Temporary => "unfinished",
            _ => "foreign",
        };
        println!("{}  {state:10}  {:>10} bytes  {}", called(file), file.bytes, age(file));
    }
    Ok(Exit::Done)
}

fn verify(store: &ArtefactStore, engine: &Engine, json: bool) -> anyhow::Result<Exit> {
    let files = store.files(engine)?;
    let verdicts: Vec<_> = files.iter().map(|file| (file, store.verify(file))).collect();
    let good = verdicts.iter().all(|(_, verdict)| !matches!(verdict, Verdict::Bad(_)));
    let exit = if good { Exit::Done } else { Exit::No };
    if json {
        let files = verdicts.iter().map(|(file, verdict)| judged(file, verdict)).collect();
        return print_json(store, files, json!({ "good": good }), exit);
    }
    for (file, verdict) in &verdicts {
        println!("{}", line(file, verdict));
    }
    Ok(exit)
}

fn prune(
    store: &ArtefactStore,
    engine: &Engine,
    all: bool,
    dry_run: bool,
    json: bool,
) -> anyhow::Result<Exit> {
    let pruned = store.prune(engine, all, dry_run)?;
    let (gone, left): (Vec<&Pruned>, Vec<&Pruned>) =
        pruned.iter().partition(|pruned| pruned.failed.is_none());
    let bytes = gone.iter().fold(0_u64, |sum, pruned| sum.saturating_add(pruned.file.bytes));
    let exit = if left.is_empty() { Exit::Done } else { Exit::No };
    for Pruned { file, failed, .. } in &left {
        let why = failed.as_ref().map(ToString::to_string).unwrap_or_default();
        eprintln!("portcullis: cannot remove {}: {why}", store.folder().join(&file.name).display());
    }
    if json {
        let files = gone.iter().map(|pruned| judged(&pruned.file, &pruned.verdict)).collect();
        return print_json(store, files, json!({ "bytes": bytes, "dry_run": dry_run }), exit);
    }
    for Pruned { file, verdict, .. } in &gone {
        println!("{}", line(file, verdict));
    }
    let freed = if dry_run { "would free" } else { "freed" };
    println!("{freed} {bytes} bytes, {} files", gone.len());
    Ok(exit)
}

/// Prints the folder, its files, and what else there is to say.
fn print_json(store: &ArtefactStore, files: Vec<Value>, more: Value, exit: Exit) -> anyhow::Result<Exit> {
    let mut shown = json!({ "folder": store.folder() });
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
        shown.insert("files".to_owned(), files.into());
    }
    println!("{}", serde_json::to_string_pretty(&shown)?);
    Ok(exit)
}

fn described(file: &StoredFile) -> Value {
    let modified = file.modified.map(|time| humantime::format_rfc3339_seconds(time).to_string());
    let mut shown = json!({ "name": file.name, "bytes": file.bytes, "modified": modified });
    let more = match file.kind {
        StoredKind::Artefact { source, current } => {
            json!({ "kind": "artefact", "digest": source, "current": current })
        }
        StoredKind::Temporary => json!({ "kind": "unfinished" }),
        _ => json!({ "kind": "foreign" }),
    };
    if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
        shown.extend(more);
    }
    shown
}

fn judged(file: &StoredFile, verdict: &Verdict) -> Value {
    let mut shown = described(file);
    if let Value::Object(shown) = &mut shown {
        let (state, reason) = state(verdict);
        shown.insert("state".to_owned(), state.into());
        shown.insert("reason".to_owned(), reason.into());
    }
    shown
}

fn line(file: &StoredFile, verdict: &Verdict) -> String {
    let (state, reason) = state(verdict);
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{state:12}  {}{reason}", called(file))
}

/// One word, and why where that is not plain.
fn state(verdict: &Verdict) -> (&'static str, Option<&str>) {
    match verdict {
        Verdict::Good => ("good", None),
        Verdict::Stale => ("stale", None),
        Verdict::Bad(reason) => ("bad", Some(reason)),
        Verdict::BeingWritten => ("being written", None),
        Verdict::LeftOver => ("left over", None),
        _ => ("foreign", None),
    }
}

/// An artefact by its component's digest, as `inspect` and `sha256sum` show it; anything else by its name, in which
/// nothing can stir a terminal.
fn called(file: &StoredFile) -> String {
    match file.kind {
        StoredKind::Artefact { source, .. } => source.to_string(),
        _ => file.name.escape_debug().to_string(),
    }
}

/// The two largest units are enough.
fn age(file: &StoredFile) -> String {
    let since = file.modified.and_then(|time| SystemTime::now().duration_since(time).ok());
    let Some(since) = since else { return "of unknown age".to_owned() };
    let grain = match since.as_secs() {
        0..3_600 => 1,
        3_600..86_400 => 60,
        _ => 3_600,
    };
    let rounded = since.as_secs().checked_div(grain).unwrap_or_default().saturating_mul(grain);
    format!("{} old", humantime::format_duration(Duration::from_secs(rounded)))
}
