//! A runner that is a shell script: it says what it is told to say, whatever it is asked.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portcullis::{Builtins, Catalogue, Configuration, Fault, Handle, Plan, TrustedFiles};
use portcullis_agent::runner::{Program, Runner, RunnerError, Times};
use portcullis_policy::{Event, EventSink};
use portcullis_secrets::{Backend as _, Failure};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

/// What every fake is told first.
const BEGIN: &[u8] = b"the configuration";

/// Far longer than anything takes: it only tells a hang from a slow machine.
pub(crate) const WATCHDOG: Duration = Duration::from_secs(60);

pub(crate) const READY: &str = r#"{"ready":{"faults":[],"calls":4}}"#;

/// A script of a runner's acts, in their order.
#[derive(Clone, Default)]
pub(crate) struct Script(String);

impl Script {
    /// Reads what it is told at its start.
    pub(crate) fn new() -> Self {
        Self::default().reads(BEGIN.len() + 4)
    }

    pub(crate) fn reads(mut self, bytes: usize) -> Self {
        writeln!(self.0, "head -c {bytes} >/dev/null").unwrap();
        self
    }

    /// Waits for the question for this one handle.
    pub(crate) fn hears(self, id: u64, handle: &str) -> Self {
        self.reads(format!(r#"{{"resolve":{{"id":{id},"handles":["{handle}"]}}}}"#).len() + 4)
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        let octal = bytes.iter().fold(String::new(), |mut octal, byte| {
            write!(octal, "\\{byte:03o}").unwrap();
            octal
        });
        writeln!(self.0, "printf '{octal}'").unwrap();
        self
    }

    pub(crate) fn says(self, message: &str) -> Self {
        let length = u32::try_from(message.len()).unwrap().to_le_bytes();
        self.bytes(&[&length, message.as_bytes()].concat())
    }

    pub(crate) fn does(mut self, line: &str) -> Self {
        writeln!(self.0, "{line}").unwrap();
        self
    }

    /// Ready, and one honest answer; then it waits for its end.
    pub(crate) fn honest(value: &str) -> Self {
        Self::new().says(READY).hears(1, "a").says(&answer(1, "a", value)).does("cat >/dev/null")
    }
}

pub(crate) fn answer(id: u64, handle: &str, value: &str) -> String {
    format!(
        r#"{{"answer":{{"id":{id},"resolutions":[{{"handle":"{handle}","outcome":{{"value":{{"text":"{value}","expires_in":null}}}}}}],"faults":[]}}}}"#
    )
}

/// Keeps what happened.
#[derive(Default)]
pub(crate) struct Happened(pub(crate) Mutex<Vec<String>>);

impl EventSink for Happened {
    fn record(&self, event: &Event) {
        self.0.lock().unwrap().push(format!("{event:?}"));
    }
}

/// A place for scripts, and for the numbers of the processes that ran them.
pub(crate) struct Fake {
    folder: tempfile::TempDir,
    pub(crate) events: Arc<Happened>,
}

impl Fake {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), events: Arc::default() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Each start takes the next script; the last one stays.
    pub(crate) async fn start(
        &self,
        scripts: &[Script],
        times: Times,
    ) -> Result<(Runner, Vec<Fault>), RunnerError> {
        let folder = self.folder.path().display();
        for (index, Script(script)) in scripts.iter().enumerate() {
            std::fs::write(self.at(&format!("script.{index}")), script).unwrap();
        }
        let last = scripts.len() - 1;
        let main = format!(
            "cd '{folder}'; n=$(cat starts 2>/dev/null | wc -l); echo $$ >>starts; [ $n -gt {last} ] && n={last}; . ./script.$n"
        );
        let program = Program::new("/bin/sh", ["-c", &main], Zeroizing::new(BEGIN.to_vec()));
        let events: Arc<Happened> = Arc::clone(&self.events);
        Runner::start(catalogue(), program, events, times).await
    }

    /// The numbers of all processes so far.
    pub(crate) fn pids(&self) -> Vec<String> {
        std::fs::read_to_string(self.at("starts")).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// Waits until a process is gone, and reaped.
    #[track_caller]
    pub(crate) fn gone(pid: &str) {
        let began = Instant::now();
        while Path::new("/proc").join(pid).exists() {
            assert!(began.elapsed() < WATCHDOG, "{pid} is still there");
            std::thread::yield_now();
        }
    }
}

/// One provider, whose calls end after a tenth of a second.
pub(crate) fn catalogue() -> Catalogue {
    let text = b"version: 1\nproviders:\n  p: { component: ./p.wasm, limits: { wall: 100ms } }\n";
    let configuration = Configuration::parse("test.yaml", text, Path::new(".")).unwrap();
    Catalogue::new(Plan::compile(configuration, None).unwrap(), TrustedFiles::strict(), Builtins::default())
}

/// Patient with a slow machine.
pub(crate) const PATIENT: Times = Times { start: WATCHDOG, grace: WATCHDOG };

/// Asks for one handle.
pub(crate) async fn ask(runner: &Runner, handle: &str) -> Result<String, Failure> {
    let asked = [Handle::new(handle)];
    let mut resolutions =
        tokio::time::timeout(WATCHDOG, runner.resolve(&asked)).await.expect("an answer in time");
    assert_eq!(resolutions.len(), 1);
    let resolution = resolutions.remove(0);
    assert_eq!(resolution.handle.as_str(), handle);
    resolution.outcome.map(|secret| secret.value.expose_secret().to_owned())
}
