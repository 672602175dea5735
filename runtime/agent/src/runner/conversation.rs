//! Questions and answers of one process, from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use portcullis::{Calls, Catalogue, Fault, Handle};
use portcullis_policy::EventSink;
use portcullis_secrets::Resolution;
use tokio::io::AsyncWriteExt as _;
use tokio::net::unix::pipe;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::check::{self, AnswerError};
use super::child::{Child, Pipes};
use super::error::RunnerError;
use super::flow::Flow;
use super::frame::{self, MAX_TOLD, framed};
use super::message::{self, Question, Ready, Said, Told};
use super::open::Shared;
use super::program::Program;

/// What a frame may have beside values, in bytes: handles, and messages of 4 KiB for 10,000 of them.
const BESIDE: usize = 64 << 20;

/// Bytes that JSON may make of one.
const ESCAPED: usize = 6;

/// Frames that wait until the runner reads.
const WAITING: usize = 16;

/// The most that a runner with these providers says at once, in bytes.
pub(super) fn longest_said(catalogue: &Catalogue) -> usize {
    let batches = catalogue.providers().map(|(_, planned)| planned.policy.limits().batch.value().as_usize());
    batches.max().unwrap_or_default().saturating_mul(ESCAPED).saturating_add(BESIDE)
}

/// A process that is ready. It ends with this.
#[derive(Debug)]
pub(super) struct Conversation {
    shared: Arc<Shared>,
    tell: mpsc::Sender<Zeroizing<Vec<u8>>>,
    calls: u32,
}

/// What listening needs to judge what it hears.
struct Listener {
    shared: Arc<Shared>,
    catalogue: Arc<Catalogue>,
    events: Arc<dyn EventSink>,
    flow: Flow,
    /// Until it is ready.
    ready: Option<oneshot::Sender<Ready>>,
}

impl Conversation {
    /// Starts a process and waits until it is ready; with it the providers that cannot be loaded.
    pub(super) async fn start(
        program: &Program,
        catalogue: &Arc<Catalogue>,
        events: &Arc<dyn EventSink>,
        limit: Duration,
    ) -> Result<(Self, Vec<Fault>), RunnerError> {
        let begin = program.begin();
        let begin = Some(begin).filter(|begin| begin.len() <= MAX_TOLD).and_then(framed);
        let begin = begin.ok_or(RunnerError::Configuration { found: program.begin().len() })?;
        let failed = |error| RunnerError::start(program.path().to_owned(), &error);
        let (child, Pipes { input, output }) = Child::start(program).await.map_err(failed)?;
        let shared = Arc::new(Shared::new(child));
        // Dropped on every way out but the last, and with it the process.
        let (tell, told) = mpsc::channel(WAITING);
        let mut this = Self { shared, tell, calls: 0 };
        let input = pipe::Sender::from_owned_fd(input).map_err(failed)?;
        let output = pipe::Receiver::from_owned_fd(output).map_err(failed)?;
        tokio::spawn(write(told, input));
        let (tell_ready, ready) = oneshot::channel();
        let listener = Listener {
            shared: Arc::clone(&this.shared),
            catalogue: Arc::clone(catalogue),
            events: Arc::clone(events),
            flow: Flow::new(Instant::now()),
            ready: Some(tell_ready),
        };
        tokio::spawn(listener.listen(output));
        let begun = async {
            // Where it reads nothing, it says nothing either.
            let _ = this.tell.send(begin).await;
            ready.await
        };
        match timeout(limit, begun).await {
            Ok(Ok(Ready { faults, calls })) => {
                let faults = check::faults(catalogue, faults)?;
                this.calls = calls.clamp(1, MAX_CALLS);
                this.shared.begin(this.calls, faults.clone());
                tracing::info!(pid = this.shared.pid(), "the runner is ready");
                Ok((this, faults))
            }
            Ok(Err(_)) => Err(this.shared.why_ended()),
            Err(_) => {
                let error = RunnerError::NotReady { limit };
                this.shared.end(&error);
                Err(error)
            }
        }
    }

    /// Asks for a batch that takes so many calls, each of which ends within `limit`.
    pub(super) async fn ask(
        &self,
        handles: Vec<Handle>,
        calls: usize,
        limit: Duration,
    ) -> Result<Vec<Resolution>, RunnerError> {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX).clamp(1, self.calls);
        // Here, and not in the runner: there time would run that no call uses.
        let slot = self.shared.slot(calls).await?;
        let count = handles.len();
        let texts = handles.iter().map(|handle| handle.as_str().to_owned()).collect();
        let id = self.shared.next();
        let question = message::write(&Told::Resolve(Question { id, handles: texts }));
        let question =
            question.filter(|frame| frame.len() <= MAX_TOLD).ok_or(RunnerError::Question(count))?;
        let answer = self.shared.open(id, handles, slot)?;
        let asked = async {
            // A pipe that is broken ends the conversation on its other side.
            let _ = self.tell.send(question).await;
            answer.await
        };
        match timeout(limit, asked).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(_)) => Err(self.shared.why_ended()),
            Err(_) => {
                let error = RunnerError::Silent { limit };
                self.shared.end(&error);
                Err(error)
            }
        }
    }

    /// How it ended; nothing while it lives. And whether it has answered a batch.
    pub(super) fn ended(&self) -> Option<(RunnerError, bool)> {
        self.shared.ended()
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        self.shared.faults()
    }

    pub(super) fn calls(&self) -> Calls {
        let limit = usize::try_from(self.calls).unwrap_or(usize::MAX);
        Calls { in_flight: limit.saturating_sub(self.shared.free_slots()), limit }
    }
}

/// More calls at once than any engine has.
const MAX_CALLS: u32 = 4096;

impl Drop for Conversation {
    fn drop(&mut self) {
        self.shared.end(&RunnerError::Closed);
    }
}

async fn write(mut told: mpsc::Receiver<Zeroizing<Vec<u8>>>, mut input: pipe::Sender) {
    while let Some(frame) = told.recv().await {
        if input.write_all(&frame).await.is_err() {
            return;
        }
    }
}

impl Listener {
    async fn listen(mut self, mut output: pipe::Receiver) {
        let longest = longest_said(&self.catalogue);
        let error = loop {
            let heard = match frame::receive(&mut output, longest).await {
                Ok(Some(frame)) => message::parse(&frame).map_err(RunnerError::from),
                Ok(None) => break None,
                Err(error) => break Some(error.into()),
            };
            if let Err(error) = heard.and_then(|said| Ok(self.hear(said)?)) {
                break Some(error);
            }
        };
        let error = match error {
            Some(error) => error,
            None => RunnerError::Ended(self.shared.exit().await),
        };
        self.shared.end(&error);
    }

    fn hear(&mut self, said: Said) -> Result<(), AnswerError> {
        match said {
            Said::Ready(ready) => {
                let tell = self.ready.take().ok_or(AnswerError::Order("that it is ready"))?;
                // Whoever started it may have given up.
                let _ = tell.send(ready);
            }
            Said::Answer(_) if self.ready.is_some() => return Err(AnswerError::Order("an answer")),
            Said::Answer(answered) => {
                let faults = check::faults(&self.catalogue, answered.faults)?;
                self.shared.answer(answered.id, answered.resolutions, faults)?;
            }
            Said::Event(happened) => {
                let event = happened.event(&self.catalogue).ok_or(AnswerError::Event)?;
                let (takes, lost) = self.flow.take(Instant::now());
                if let Some(lost) = lost {
                    tracing::warn!(lost, "the runner reported too many events");
                }
                if takes {
                    self.events.record(&event);
                }
            }
        }
        Ok(())
    }
}
