//! `portcullis compile`: components into the artefact folder, ahead of time.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use portcullis::{Components, Plan, PlannedComponent, TrustedFiles};
use portcullis_policy::{Digest, Grants, Policy, Profile, ProviderName};
use portcullis_sandbox::{ArtefactStore, Engine};
use serde::Serialize;

use crate::arguments::{Common, Compile};
use crate::exit::{Exit, describe};

/// What became of one component.
#[derive(Serialize)]
struct Shown {
    component: PathBuf,
    digest: Digest,
    artefact: PathBuf,
    /// Size of the artefact.
    bytes: u64,
    /// False where a good artefact was there already.
    compiled: bool,
    seconds: f64,
}

/// One that cannot be compiled.
#[derive(Serialize)]
struct Failed {
    component: PathBuf,
    error: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Done(Shown),
    Failed(Failed),
}

/// Runs the door. A component that fails does not keep the others from being compiled.
pub(crate) fn main(arguments: &Compile, common: &Common) -> anyhow::Result<Exit> {
    let files = common.trusted_files();
    let wanted = wanted(arguments, common, &files)?;
    let (components, store) = common.components(files)?;
    let engine = Engine::on_demand(1)?;
    let mut outcomes = Vec::new();
    for (path, policy) in wanted {
        let outcome = match compile(&components, &store, &engine, &path, &policy) {
            Ok(shown) => Outcome::Done(shown),
            Err(error) => Outcome::Failed(Failed { component: path, error: describe(&error) }),
        };
        // As they come: the next one may take a while.
        if !arguments.json {
            outcome.print();
        }
        outcomes.push(outcome);
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&outcomes)?);
    }
    let failed = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(_)));
    Ok(if failed { Exit::Provider } else { Exit::Done })
}

/// The components that are named, and those of a configuration that is named, or else of the default one. Each with the
/// policy that says which digest it must have.
fn wanted(
    arguments: &Compile,
    common: &Common,
    files: &TrustedFiles,
) -> anyhow::Result<Vec<(PathBuf, Arc<Policy>)>> {
    let mut wanted = Vec::new();
    for path in &arguments.components {
        let name = ProviderName::new("compile")?;
        let policy = Policy::compile(name, Profile::Custom, Grants::default(), None)?;
        wanted.push((path.clone(), Arc::new(policy)));
    }
    if !wanted.is_empty() && common.config.is_none() {
        return Ok(wanted);
    }
    let configuration = common.configuration(files)?;
    let configuration =
        configuration.context("nothing to compile: name a component, or a configuration with --config")?;
    let plan = Plan::compile(configuration, common.ceiling(files)?.as_ref())?;
    let builtins = common.builtins();
    for planned in plan.providers().values() {
        let path = match &planned.component {
            PlannedComponent::File(path) => Some(path.clone()),
            PlannedComponent::Builtin(name) => builtins.component_file(name),
            _ => None,
        };
        wanted.extend(path.map(|path| (path, Arc::clone(&planned.policy))));
    }
    if wanted.is_empty() {
        tracing::info!("nothing to compile: the configuration names no component file");
    }
    Ok(wanted)
}

fn compile(
    components: &Components,
    store: &ArtefactStore,
    engine: &Engine,
    path: &Path,
    policy: &Policy,
) -> anyhow::Result<Shown> {
    let start = Instant::now();
    let component = components.verified(policy, path)?;
    let digest = *component.digest();
    let compiled = store.find(engine, component.key()).is_none();
    let artefact = store.path(engine, &digest);
    if compiled {
        let made = components.compiler.compile(engine, &component);
        let made = made.with_context(|| path.display().to_string())?;
        store.keep(engine, &made).with_context(|| format!("cannot write {}", artefact.display()))?;
    }
    let bytes = artefact.metadata().with_context(|| format!("cannot read {}", artefact.display()))?.len();
    let seconds = start.elapsed().as_secs_f64();
    Ok(Shown { component: path.to_owned(), digest, artefact, bytes, compiled, seconds })
}

impl Outcome {
    fn print(&self) {
        match self {
            Self::Done(shown) => print!("{}", shown.text(std::io::stdout().is_terminal())),
            Self::Failed(failed) => eprintln!("portcullis: {}", failed.error),
        }
    }
}

impl Shown {
    /// The time is for whoever waits for it: in a file it would only make two runs differ.
    fn text(&self, timed: bool) -> String {
        let state = match (self.compiled, timed) {
            (false, _) => "was there already".to_owned(),
            (true, false) => "compiled".to_owned(),
            (true, true) => format!("compiled in {:.1} s", self.seconds),
        };
        format!(
            "{}\n  digest    {}\n  artefact  {}\n  size      {} bytes\n  state     {state}\n",
            self.component.display(),
            self.digest,
            self.artefact.display(),
            self.bytes,
        )
    }
}
