//! `portcullis resolve`: one document, with its references replaced.

use std::path::Path;

use anyhow::Context as _;
use portcullis::{
    ConfigError, Configuration, Document, Format, HandleFailure, Plan, ScanError, TrustedFiles,
};
use zeroize::Zeroizing;

use crate::arguments::{Common, Resolve};
use crate::exit::Exit;
use crate::stdio;
use crate::tasks;

/// Runs the door. Standard output gets the whole document or nothing.
pub(crate) fn main(arguments: &Resolve, common: &Common) -> anyhow::Result<Exit> {
    let files = common.trusted_files();
    let ceiling = common.ceiling(&files)?;
    let given = match &common.config {
        Some(_) => common.configuration(&files)?,
        None => None,
    };
    let name = arguments.document.display().to_string();
    let text = read(&arguments.document)?;
    let variables = arguments.variables.compiled();
    let scan = |text| Ok::<_, ScanError>(Document::scan(&name, text, Format::Detect)?.expand(&variables));
    let mut document = scan(&text)?;
    if document.handles().is_empty() {
        return write(&text);
    }
    let (configuration, changed) = match given {
        Some(configuration) => (configuration, None),
        None => own_or_default(&arguments.document, &name, &text, &files, common)?,
    };
    if let Some(changed) = &changed {
        document = scan(changed)?;
    }
    let plan = Plan::compile(configuration, ceiling.as_ref())?;
    let resolver = common.resolver(plan, files, document.handles())?;
    let resolved = tasks::block_on(&resolver, resolver.resolve(&document))?;

    for failure in &resolved.failures {
        report(&name, failure);
    }
    let faults = resolver.faults();
    for fault in &faults {
        eprintln!("portcullis: {fault}");
    }
    write(&resolved.text)?;
    tasks::leave_to_exit(resolver);
    Ok(match (faults.is_empty(), resolved.failures.is_empty()) {
        (false, _) => Exit::Provider,
        (true, false) => Exit::No,
        (true, true) => Exit::Done,
    })
}

/// The document's own backend keys, else the default configuration. A file that configures must be trusted; what was
/// read under that check is then the document, too, and is returned where it is no longer the same.
fn own_or_default(
    path: &Path,
    name: &str,
    text: &[u8],
    files: &TrustedFiles,
    common: &Common,
) -> anyhow::Result<(Configuration, Option<Zeroizing<Vec<u8>>>)> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let configuration = match Configuration::parse(name, text, folder) {
        Ok(configuration) => configuration,
        Err(error @ ConfigError::NoBackend { .. }) => {
            return match common.configuration(files)? {
                Some(configuration) => Ok((configuration, None)),
                None => Err(error.into()),
            };
        }
        Err(error) => return Err(error.into()),
    };
    if is_stdin(path) {
        return Ok((configuration, None));
    }
    let trusted = files.read(path, u64::MAX.saturating_sub(1))?;
    if trusted.as_slice() == text {
        return Ok((configuration, None));
    }
    Ok((Configuration::parse(name, &trusted, folder)?, Some(trusted)))
}

fn read(path: &Path) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    if is_stdin(path) {
        return stdio::read(u64::MAX).context("cannot read standard input");
    }
    let read = std::fs::File::open(path).and_then(|file| stdio::read_from(file, u64::MAX));
    read.with_context(|| format!("cannot read {}", path.display()))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// One line for each place that keeps its reference.
fn report(name: &str, failed: &HandleFailure<'_>) {
    for place in &failed.places {
        let (line, column, path) = (place.line(), place.column(), place.path());
        eprintln!(
            "portcullis: {name}:{line}:{column}: {path}: handle \"{}\": {}",
            failed.handle, failed.failure
        );
    }
}

fn write(text: &[u8]) -> anyhow::Result<Exit> {
    stdio::write(text).context("cannot write the document")?;
    Ok(Exit::Done)
}
