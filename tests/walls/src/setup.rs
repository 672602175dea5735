//! What a host has of a provider beside its component, and the way from both to what can be called.

use std::sync::Arc;

use anyhow::Context as _;
use portcullis_egress::{Client, Inputs, Lookup};
use portcullis_policy::{EventSink, Policy, PortcullisFile, Profile, ProviderName};
use portcullis_sandbox::{Component, Engine, Provider, WorkerLimits};

use crate::stage::compiler;

/// What a host has of a provider beside its component.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'a> {
    /// What a Portcullis file says of it after `component`.
    pub(crate) section: &'a str,
    /// What it reads from `wasi:config/store`.
    pub(crate) settings: &'a [(&'a str, &'a str)],
    /// The host's environment.
    pub(crate) environment: &'a [(&'a str, &'a str)],
    /// What the compile worker may use.
    pub(crate) compiling: WorkerLimits,
    /// What its requests need, where they may leave.
    pub(crate) sends: Option<Sends<'a>>,
}

/// What a host has of a provider whose requests leave.
#[derive(Clone, Copy)]
pub(crate) struct Sends<'a> {
    /// What it reads for them.
    pub(crate) inputs: &'a Arc<dyn Inputs>,
    /// Who looks up names.
    pub(crate) lookup: &'a Arc<dyn Lookup>,
}

impl Default for Setup<'_> {
    fn default() -> Self {
        let compiling = WorkerLimits::default();
        Self { section: "", settings: &[("key", "value")], environment: &[], compiling, sends: None }
    }
}

/// From bytes to a provider, by the way that every component takes.
pub(crate) fn link(
    engine: &Engine,
    component: Vec<u8>,
    setup: &Setup<'_>,
    events: Arc<dyn EventSink>,
) -> anyhow::Result<Provider> {
    link_code(engine, &load(engine, component, setup)?, setup, events)
}

/// The first half of it: from bytes to code.
pub(crate) fn load(engine: &Engine, component: Vec<u8>, setup: &Setup<'_>) -> anyhow::Result<Component> {
    let verified = policy(setup.section)?.decide_component(component)?;
    Ok(engine.load(&compiler(setup.compiling)?.compile(engine, &verified)?)?)
}

/// The second half: from code to a provider.
pub(crate) fn link_code(
    engine: &Engine,
    component: &Component,
    setup: &Setup<'_>,
    events: Arc<dyn EventSink>,
) -> anyhow::Result<Provider> {
    let policy = policy(setup.section)?;
    let lookup = |name: &str| {
        setup.environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let environment = policy.decide_environment(lookup);
    let settings = setup.settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let client = match setup.sends {
        Some(Sends { inputs, lookup }) => {
            Some(Client::builder(Arc::clone(inputs)).lookup(Arc::clone(lookup)).build(&policy)?)
        }
        None => None,
    };
    let client = client.map(Arc::new);
    Ok(Provider::link(engine, component, Arc::new(policy), settings, environment, client, events)?)
}

fn policy(section: &str) -> anyhow::Result<Policy> {
    let file = format!("version: 1\nproviders:\n  guest:\n    component: ./guest.wasm\n{section}\n");
    let file = PortcullisFile::parse("walls.yaml", &file)?;
    let grants = file.providers.into_values().next().context("no provider")?.grants;
    Ok(Policy::compile(ProviderName::new("guest")?, Profile::Custom, grants, None)?)
}
