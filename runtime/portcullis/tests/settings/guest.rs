//! The hostile guest that reads all that it can, and those who listen to it.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use portcullis::PlannedProvider;
use portcullis_policy::{Event, EventSink, Policy, PortcullisFile, Profile};
use portcullis_sandbox::{Compiler, Component, Engine, Provider};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::markers::MARKER;

/// Interfaces are there, and nothing is granted: what a policy grants is no setting.
const POLICY: &str =
    "version: 1\nproviders: { dump: { component: dump.wasm, network: [], filesystem: [] } }\n";

/// The component, as `tests/guests` has it.
pub(crate) fn guest() -> Vec<u8> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests/dist");
    fs::read(dist.join("credential_dump.wasm")).expect("run `cargo xtask guests` first")
}

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

/// What an operator is told.
#[derive(Default)]
pub(crate) struct Said(Mutex<Vec<String>>);

impl EventSink for Said {
    fn record(&self, event: &Event) {
        self.0.lock().unwrap().push(format!("{event:?}"));
    }
}

impl Said {
    pub(crate) fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap()).join("\n")
    }
}

/// A handle that has the guest ask for these settings too, by their names.
pub(crate) fn attack<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    format!("attack:{}", json!({ "settings": names.into_iter().collect::<Vec<_>>() }))
}

/// The guest, which takes the place of any backend.
pub(crate) struct Dump {
    engine: Engine,
    component: Component,
    policy: Arc<Policy>,
    runtime: Runtime,
}

impl Dump {
    pub(crate) fn new() -> Self {
        let mut file = PortcullisFile::parse("p.yaml", POLICY).unwrap();
        let dump = file.providers.pop_first().unwrap().1;
        let policy = Policy::compile(dump.name, Profile::Custom, dump.grants, None).unwrap();
        let engine = Engine::new(1).unwrap();
        let verified = policy.decide_component(guest()).unwrap();
        let artefact = Compiler::default().compile(&engine, &verified).unwrap();
        let component = engine.load(&artefact).unwrap();
        Self { engine, component, policy: Arc::new(policy), runtime: runtime() }
    }

    /// What it tells when it is given the settings of a planned provider, and what is said of it meanwhile.
    pub(crate) fn of(&self, planned: &PlannedProvider) -> (Map<String, Value>, String) {
        let said = Arc::new(Said::default());
        let environment = planned.policy.decide_environment(|_| Some(MARKER.to_owned()));
        let settings = planned.settings.iter().cloned();
        let policy = Arc::clone(&self.policy);
        let sink = Arc::clone(&said) as Arc<dyn EventSink>;
        let linked = Provider::link(&self.engine, &self.component, policy, settings, environment, None, sink);
        let own = planned.settings.iter().map(|(name, _)| name);
        let handles = [attack(own.chain(&planned.withheld).map(String::as_str))];
        let mut outcomes = self.runtime.block_on(linked.unwrap().resolve(&handles)).unwrap();
        let told = outcomes.remove(0).unwrap().value.expose_secret().to_owned();
        (serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}")), said.take())
    }
}

/// The settings that the guest found in the list of all.
pub(crate) fn listed(told: &Map<String, Value>) -> Vec<(String, String)> {
    let setting = |(name, value): (&String, &Value)| {
        Some((name.strip_prefix("setting ")?.to_owned(), value.as_str()?.to_owned()))
    };
    told.iter().filter_map(setting).collect()
}
