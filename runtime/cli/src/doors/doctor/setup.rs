//! What an operator has put there: artefact folder, configuration, ceiling.

use std::path::Path;

use anyhow::Context as _;
use portcullis::{Configuration, Plan, PlannedComponent, TrustedFiles};
use portcullis_policy::Ceiling;
use portcullis_sandbox::{ArtefactStore, MAX_COMPONENT};

use super::finding::Finding;
use crate::arguments::Common;
use crate::exit::describe;

/// The first folder that can be used, as a run would choose it. One that a run would make is not made here.
pub(super) fn artefacts(common: &Common) -> Finding {
    const CHECK: &str = "artefacts";
    let mut refused = Vec::new();
    let (first, second) = common.artefact_places();
    for folder in std::iter::once(first).chain(second) {
        match usable(&folder) {
            Ok(found) => return Finding::ok(CHECK, said(found, &refused)),
            Err(error) => refused.push(error),
        }
    }
    Finding::warning(
        CHECK,
        said("memory only: your own components are compiled at every start".to_owned(), &refused),
        "make a folder of mode 0700 that belongs to the user that runs this, and name it with --artefacts",
    )
}

fn usable(folder: &Path) -> Result<String, String> {
    let shown = folder.display();
    if folder.symlink_metadata().is_ok() {
        let opened = ArtefactStore::open(folder).map_err(|error| error.to_string())?;
        return Ok(format!("{}: private", opened.folder().display()));
    }
    match folder.parent().map(Path::metadata) {
        Some(Ok(parent)) if parent.is_dir() && !parent.permissions().readonly() => {
            Ok(format!("{shown}: made when a component is first compiled"))
        }
        _ => Err(format!("{shown} is not there and cannot be made")),
    }
}

/// The choice, with what was passed over on the way to it.
fn said(choice: String, refused: &[String]) -> String {
    if refused.is_empty() { choice } else { format!("{choice} ({})", refused.join("; ")) }
}

/// Ceiling and configuration: where they are, whether they are trusted, and whether they make a plan.
pub(super) fn configuration(common: &Common) -> [Finding; 2] {
    let files = common.trusted_files();
    let (ceiling, ceiling_found) = match common.ceiling(&files) {
        Ok(ceiling) => {
            let found = match common.ceiling_path() {
                Some(path) => format!("{}: trusted", path.display()),
                None => "none: each policy is its own bound".to_owned(),
            };
            (ceiling, Finding::ok("ceiling", found))
        }
        Err(error) => {
            let remedy =
                "nothing runs until it can be used: correct it, or its owner and mode, as the message says";
            (None, Finding::missing("ceiling", describe(&error), remedy))
        }
    };
    let configured = match (common.configuration_path(), common.configuration(&files)) {
        (Some(path), Ok(Some(configuration))) => planned(&path, &files, configuration, ceiling.as_ref()),
        (_, Ok(_)) => {
            Ok("none: `exec` answers requests that name a type, `resolve` files that name a backend"
                .to_owned())
        }
        (_, Err(error)) => Err(error),
    };
    let configuration = match configured {
        Ok(found) => Finding::ok("configuration", found),
        Err(error) => Finding::missing(
            "configuration",
            describe(&error),
            "correct it, or its owner and mode, as the message says; `portcullis policy validate` looks closer",
        ),
    };
    [configuration, ceiling_found]
}

fn planned(
    path: &Path,
    files: &TrustedFiles,
    configuration: Configuration,
    ceiling: Option<&Ceiling>,
) -> anyhow::Result<String> {
    let plan = Plan::compile(configuration, ceiling).with_context(|| path.display().to_string())?;
    for provider in plan.providers().values() {
        if let PlannedComponent::File(component) = &provider.component {
            files.read(component, MAX_COMPONENT as u64)?;
        }
    }
    let count = plan.providers().len();
    Ok(format!("{}: trusted, {count} provider{}", path.display(), if count == 1 { "" } else { "s" }))
}
