//! One provider with a network.

use std::sync::Arc;
use std::time::{Duration, Instant};

use portcullis_egress::{Inputs, Lookup};
use portcullis_sandbox::{CallError, Outcome, Provider};
use portcullis_test_servers::Server;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{Names, Plain, Told};
use crate::act::Act;
use crate::call::calm;
use crate::setup::{self, Sends, Setup};
use crate::stage::Kept;

/// A call that hangs is a failure.
const PATIENCE: Duration = Duration::from_secs(120);

/// A hostile guest with destinations of its own.
pub(crate) struct Site<'a> {
    act: &'a Act<'a>,
    provider: Arc<Provider>,
    events: Arc<Kept>,
    /// Who answers its lookups.
    pub(crate) names: Arc<Names>,
}

/// The text of a destination `store` at an origin: `GET` and `POST` below `/v1`, and what `more` says.
pub(crate) fn on_store(origin: &str, more: &str) -> String {
    format!("network: [{{ name: store, origin: \"{origin}\", allow: [GET /v1/**, POST /v1/**]{more} }}]")
}

/// An error as text.
pub(crate) fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl<'a> Site<'a> {
    /// The row's guest with these keys of a provider, a line each; `{scene}` is the scene's folder.
    pub(crate) fn open(act: &'a Act<'a>, names: Names, keys: &str) -> Result<Self, String> {
        Self::on(act, Plain::default(), names, keys)
    }

    /// The same on a host with these variables and files.
    pub(crate) fn on(act: &'a Act<'a>, inputs: Plain, names: Names, keys: &str) -> Result<Self, String> {
        let mut section = String::new();
        for line in keys.replace("{scene}", &act.scene.display().to_string()).lines() {
            section.push_str(&format!("    {line}\n"));
        }
        let (events, names) = (Arc::new(Kept::default()), Arc::new(names));
        let lookup: Arc<dyn Lookup> = Arc::clone(&names) as _;
        let inputs: Arc<dyn Inputs> = Arc::new(inputs);
        let setup = Setup {
            section: &section,
            sends: Some(Sends { inputs: &inputs, lookup: &lookup }),
            ..Setup::default()
        };
        let code = act.code()?;
        let provider = setup::link_code(&act.stage.engine, &code, &setup, Arc::clone(&events) as _)
            .map_err(|error| format!("{keys}: {error:#}"))?;
        events.take();
        Ok(Self { act, provider: Arc::new(provider), events, names })
    }

    /// One call with one hostile request.
    pub(crate) fn ask(&self, request: &Value) -> Result<Told, String> {
        let guest = self.value(request)?;
        let guest = serde_json::from_str(&guest).unwrap_or(Value::String(guest));
        Ok(Told { guest, events: self.events.take() })
    }

    /// The same for a GET of `/v1/a` at this authority, over plain HTTP.
    pub(crate) fn get(&self, authority: &str) -> Result<Told, String> {
        self.ask(&json!({ "scheme": "http", "authority": authority, "path": "/v1/a" }))
    }

    /// What the guest answers, as it is.
    pub(crate) fn value(&self, request: &Value) -> Result<String, String> {
        let answered =
            self.call(&[format!("attack:{request}")]).map_err(|error| format!("{request}: {error}"))?;
        match answered.into_iter().next() {
            Some(Ok(value)) => Ok(value.value.expose_secret().to_owned()),
            other => Err(format!("{request}: {other:?}")),
        }
    }

    /// One call with these handles.
    pub(crate) fn call(&self, handles: &[String]) -> Result<Vec<Outcome>, CallError> {
        let call = async { tokio::time::timeout(PATIENCE, self.provider.resolve(handles)).await };
        let done = self.act.attack(|| self.act.stage.runtime.block_on(call));
        done.unwrap_or(Err(CallError::Exited))
    }

    /// What was reported since it was last asked for.
    pub(crate) fn events(&self) -> Vec<portcullis_policy::Event> {
        self.events.take()
    }

    /// A call that asks for nothing bad.
    pub(crate) fn calm(&self) -> Result<(), String> {
        calm(&self.provider, &self.act.stage.runtime)
    }

    /// The codes of what is remarked of its policy when it is loaded.
    pub(crate) fn remarks(&self) -> Vec<&'static str> {
        self.provider.policy().lints().iter().map(|lint| lint.code.as_str()).collect()
    }

    /// Nothing was looked up, and nothing was connected to.
    pub(crate) fn untouched(&self, servers: &[&Server]) -> Result<(), String> {
        let (asked, connections) =
            (self.names.asked(), servers.iter().map(|server| server.seen().connections()).sum::<usize>());
        if asked.is_empty() && connections == 0 {
            return Ok(());
        }
        Err(format!("looked up {asked:?}, and connected {connections} times"))
    }

    /// Waits until the server has no open connection: the provider is still there, and its call is not.
    pub(crate) fn closed(&self, server: &Server) -> Result<(), String> {
        let began = Instant::now();
        while server.seen().open() > 0 {
            if began.elapsed() > PATIENCE {
                return Err(format!("{} connections stay open", server.seen().open()));
            }
            std::thread::yield_now();
        }
        Ok(())
    }
}
