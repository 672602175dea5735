//! What a row has at hand that does more than link one provider and call it once.

use std::cell::{Cell, OnceCell};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use portcullis::{Configuration, Handle, Plan, Resolver};
use portcullis_policy::{Ceiling, EventSink};
use portcullis_sandbox::{Component, Provider, WorkerLimits};
use secrecy::ExposeSecret as _;

use crate::cost::Cost;
use crate::guest;
use crate::setup::{self, Setup};
use crate::stage::{self, Kept, Stage};

/// A call that hangs is a failure: nothing here takes nearly so long.
const PATIENCE: Duration = Duration::from_secs(120);

/// Each handle with its value, or its failure in words.
pub(crate) type Answers = Vec<(String, Result<String, String>)>;

/// A scene with a guest, while the neighbour is called all the time.
pub(crate) struct Act<'a> {
    pub(crate) stage: &'a Stage,
    /// The folder of the scene.
    pub(crate) scene: &'a Path,
    guest: &'a str,
    code: OnceCell<Component>,
    cost: Cell<Option<Cost>>,
}

impl<'a> Act<'a> {
    pub(crate) fn new(guest: &'a str, stage: &'a Stage, scene: &'a Path) -> Self {
        Self { stage, scene, guest, code: OnceCell::new(), cost: Cell::new(None) }
    }

    /// The hostile guest's component.
    pub(crate) fn guest(&self) -> Result<Vec<u8>, String> {
        guest::component(self.guest).map_err(|error| format!("{error:#}"))
    }

    /// Its code: compiled once, for however many providers.
    pub(crate) fn code(&self) -> Result<Component, String> {
        if let Some(code) = self.code.get() {
            return Ok(code.clone());
        }
        let code = setup::load(&self.stage.engine, self.guest()?, &Setup::default());
        let code = code.map_err(|error| format!("{error:#}"))?;
        Ok(self.code.get_or_init(|| code).clone())
    }

    /// Puts a component of this name into the scene. Whoever looks finds the old one or this one, whole.
    pub(crate) fn install(&self, name: &str, component: &[u8]) -> Result<(), String> {
        let new = self.scene.join("new");
        std::fs::write(&new, component)
            .and_then(|()| std::fs::rename(&new, self.scene.join(name)))
            .map_err(|error| format!("{name}: {error}"))
    }

    /// A component that behaves.
    pub(crate) fn behaves(&self) -> Result<Vec<u8>, String> {
        guest::neighbour().map_err(|error| format!("{error:#}"))
    }

    /// The guest on the stage's own engine, with `key`, a line, in its section of a Portcullis file.
    pub(crate) fn provider(&self, key: &str, events: Arc<dyn EventSink>) -> Result<Provider, String> {
        let section = format!("    {}\n", self.placed(key));
        let setup = Setup { section: &section, ..Setup::default() };
        setup::link(&self.stage.engine, self.guest()?, &setup, events).map_err(|error| format!("{error:#}"))
    }

    /// The library's resolver of a Portcullis file in the scene's folder; `{scene}` in it is that folder.
    ///
    /// As many calls as providers: a call that kept its slot would let the next one wait for ever.
    pub(crate) fn resolver(
        &self,
        file: &str,
        ceiling: Option<&str>,
    ) -> Result<(Resolver, Arc<Kept>), String> {
        let ceiling = ceiling.map(|text| Ceiling::parse("ceiling.yaml", &self.placed(text))).transpose();
        let ceiling = ceiling.map_err(|error| error.to_string())?;
        let configuration = Configuration::parse("walls.yaml", self.placed(file).as_bytes(), self.scene)
            .map_err(|error| error.to_string())?;
        let plan = Plan::compile(configuration, ceiling.as_ref()).map_err(|error| error.to_string())?;
        let calls = u32::try_from(plan.providers().len()).map_err(|error| error.to_string())?;
        let compiler = stage::compiler(WorkerLimits::default()).map_err(|error| error.to_string())?;
        let events = Arc::new(Kept::default());
        let resolver =
            Resolver::builder(plan).calls(calls).compiler(compiler).events(Arc::clone(&events) as _).build();
        Ok((resolver, events))
    }

    /// Asks a resolver, and looks that it answers each handle once, in order.
    pub(crate) fn ask(&self, resolver: &Resolver, handles: &[&str]) -> Result<Answers, String> {
        let asked: Vec<Handle> = handles.iter().map(|handle| Handle::new(*handle)).collect();
        let all = async { tokio::time::timeout(PATIENCE, resolver.resolve_handles(&asked)).await };
        let answered = self.stage.runtime.block_on(all).map_err(|_| format!("{handles:?}: no answer"))?;
        let answers: Answers = answered
            .into_iter()
            .map(|one| {
                let value = one.outcome.map(|secret| secret.value.expose_secret().to_owned());
                (one.handle.as_str().to_owned(), value.map_err(|failure| failure.message))
            })
            .collect();
        if answers.iter().map(|(handle, _)| handle).ne(handles) {
            return Err(format!("asked {handles:?}, answered {answers:?}"));
        }
        Ok(answers)
    }

    /// Asks a resolver for handles that must have these values.
    pub(crate) fn expect(&self, resolver: &Resolver, expected: &[(&str, &str)]) -> Result<(), String> {
        let handles: Vec<&str> = expected.iter().map(|(handle, _)| *handle).collect();
        let answers = self.ask(resolver, &handles)?;
        let right =
            answers.iter().zip(expected).all(|((_, value), (_, expected))| value.as_deref() == Ok(*expected));
        if right { Ok(()) } else { Err(format!("expected {expected:?}, saw {answers:?}")) }
    }

    /// Does the hostile part. Its time and memory are those of the row; of several, the times are summed.
    pub(crate) fn attack<T>(&self, attack: impl FnOnce() -> T) -> T {
        let (done, cost) = Cost::of(attack);
        self.cost.set(Some(self.cost.get().map_or(cost, |before| before.and(cost))));
        done
    }

    /// What the hostile part cost; `None` where there was none.
    pub(crate) fn cost(&self) -> Option<Cost> {
        self.cost.get()
    }

    /// Most bytes that the host had allocated at once for the hostile part so far.
    pub(crate) fn memory(&self) -> usize {
        self.cost.get().map_or(0, |cost| cost.memory)
    }

    fn placed(&self, text: &str) -> String {
        text.replace("{scene}", &self.scene.display().to_string())
    }
}
