//! The runner's own side: batches in, answers out.

use std::io::{self, Read};
use std::sync::Arc;
use std::thread;

use portcullis::{Fault, Handle, Providers};
use portcullis_secrets::{Failure, FailureKind, Resolution};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use super::check;
use super::conversation::longest_said;
use super::frame::{self, FrameError, MAX_TOLD};
use super::message::{self, Answered, Question, Ready, Said, Told};
use super::outlet::Outlet;

/// What the daemon says first: the bytes of its [`Program`](super::Program).
///
/// # Errors
/// Where the pipe ends before, or cannot be read.
pub fn begin(input: &mut impl Read) -> Result<Zeroizing<Vec<u8>>, FrameError> {
    frame::read(input, MAX_TOLD)?.ok_or(FrameError::Missing)
}

/// Says that it is ready, all providers being loaded but those that `loaded` names; then answers batches, several at once, until the input ends and
/// the last one is answered. `outlet` is told the rest by its [`Outgoing`](super::Outgoing).
///
/// # Errors
/// Where there is no thread that could read.
pub async fn serve(
    input: impl Read + Send + 'static,
    outlet: &Outlet,
    providers: Arc<dyn Providers>,
    loaded: Vec<Fault>,
) -> io::Result<()> {
    let longest = longest_said(providers.catalogue());
    // Without a provider that could be loaded there is no engine, and nothing to wait for.
    let calls = providers.calls().map_or(1, |calls| u32::try_from(calls.limit).unwrap_or(u32::MAX));
    let ready = Said::Ready(Ready { faults: check::faulty(loaded), calls });
    message::write(&ready).into_iter().for_each(|frame| outlet.put(frame));

    let mut questions = listen(input)?;
    let mut batches = JoinSet::new();
    while let Some(question) = questions.recv().await {
        let (outlet, providers) = (outlet.clone(), Arc::clone(&providers));
        batches.spawn(async move { answer(question, &*providers, &outlet, longest).await });
        // Those that are over: a process that lives on does not collect them.
        while batches.try_join_next().is_some() {}
    }
    while batches.join_next().await.is_some() {}
    Ok(())
}

/// Reads on a thread: a pipe that is standard input may be anybody's, and is not made non-blocking.
fn listen(mut input: impl Read + Send + 'static) -> io::Result<mpsc::Receiver<Question>> {
    let (tell, questions) = mpsc::channel(1);
    thread::Builder::new().name("portcullis-hear".to_owned()).spawn(move || {
        loop {
            let told = frame::read(&mut input, MAX_TOLD)
                .and_then(|frame| frame.map(|frame| message::parse(&frame)).transpose());
            match told {
                Ok(Some(Told::Resolve(question))) => {
                    if tell.blocking_send(question).is_err() {
                        return;
                    }
                }
                Ok(None) => return,
                Err(error) => return tracing::error!("the daemon cannot be understood: {error}"),
            }
        }
    })?;
    Ok(questions)
}

async fn answer(question: Question, providers: &dyn Providers, outlet: &Outlet, longest: usize) {
    let Question { id, handles } = question;
    let handles: Vec<Handle> = handles.into_iter().map(Handle::new).collect();
    let write = |resolutions: Vec<Resolution>| {
        let resolutions = resolutions.into_iter().map(check::resolved).collect();
        let faults = check::faulty(providers.faults());
        message::write(&Said::Answer(Answered { id, resolutions, faults }))
    };
    let whole = write(providers.resolve(&handles).await);
    let frame = whole.filter(|frame| frame.len() <= longest).or_else(|| {
        let failure = Failure::new(FailureKind::Other, "the values of one batch are too long together");
        write(Resolution::all_failed(&handles, &failure))
    });
    frame.into_iter().for_each(|frame| outlet.put(frame));
}
