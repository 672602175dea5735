//! What a runner says, in one queue: answers, and events between them.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use portcullis_policy::{Event, EventSink};
use zeroize::Zeroizing;

use super::event::Happened;
use super::message::{self, Said};

/// Frames that may wait before events are dropped. Answers never are: each of them is waited for.
const WAITING: usize = 4096;

type Frame = Zeroizing<Vec<u8>>;

/// Takes what is to be said, from any thread, and never blocks. Clones are the same.
#[derive(Clone, Debug)]
pub struct Outlet(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Gone once the end was said.
    queue: Mutex<Option<Sender<Frame>>>,
    waiting: Arc<AtomicUsize>,
    dropped: AtomicU64,
}

/// The other end of the queue.
#[derive(Debug)]
pub struct Outgoing {
    queue: Receiver<Frame>,
    waiting: Arc<AtomicUsize>,
}

impl Outlet {
    /// Makes a queue. Nothing is written before [`Outgoing::start`]: a process that gives up rights has no threads before that.
    #[must_use]
    pub fn new() -> (Self, Outgoing) {
        let (sender, queue) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let inner = Inner {
            queue: Mutex::new(Some(sender)),
            waiting: Arc::clone(&waiting),
            dropped: AtomicU64::new(0),
        };
        (Self(Arc::new(inner)), Outgoing { queue, waiting })
    }

    pub(super) fn put(&self, frame: Frame) {
        if let Some(queue) = &*self.0.queue.lock().unwrap_or_else(PoisonError::into_inner) {
            self.0.waiting.fetch_add(1, Ordering::Relaxed);
            // Nobody listens any more: then nobody waits for it either.
            let _ = queue.send(frame);
        }
    }

    /// Nothing more is said: what waits is written, and then the queue's thread ends.
    pub fn end(&self) {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl EventSink for Outlet {
    fn record(&self, event: &Event) {
        if self.0.waiting.load(Ordering::Relaxed) >= WAITING {
            if self.0.dropped.fetch_add(1, Ordering::Relaxed) == 0 {
                tracing::warn!("events of providers come faster than they are taken: some are lost");
            }
            return;
        }
        if let Some(frame) = Happened::of(event).and_then(|event| message::write(&Said::Event(event))) {
            self.put(frame);
        }
    }
}

impl Outgoing {
    /// Writes all that is said, on a thread of its own, until [`Outlet::end`].
    ///
    /// # Errors
    /// Where there is no thread to be had.
    pub fn start(self, mut output: impl Write + Send + 'static) -> io::Result<JoinHandle<()>> {
        thread::Builder::new().name("portcullis-say".to_owned()).spawn(move || {
            let mut broken = false;
            while let Ok(frame) = self.queue.recv() {
                // Without a listener the rest is thrown away; the other pipe says that it is over.
                broken = broken || output.write_all(&frame).is_err();
                self.waiting.fetch_sub(1, Ordering::Relaxed);
            }
        })
    }
}
