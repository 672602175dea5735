//! What the system says to a daemon.
//!
//! By a thread that waits, and not by the runtime: that would open sockets for signals in every runtime of this program, also
//! behind the second wall, which lets no one-shot door open any.

use std::io;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals as Waiting};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// SIGHUP: read the configuration again.
    Reload,
    /// SIGTERM or SIGINT: end.
    Stop,
}

/// Signals, from when this is made until it is dropped.
pub(super) struct Signals {
    told: UnboundedReceiver<Signal>,
    handle: Handle,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let mut waiting = Waiting::new([SIGHUP, SIGINT, SIGTERM])?;
        let handle = waiting.handle();
        let (tell, told) = unbounded_channel();
        let wait = move || {
            for signal in waiting.forever() {
                // A daemon that does not listen any more is about to end.
                let _ = tell.send(if signal == SIGHUP { Signal::Reload } else { Signal::Stop });
            }
        };
        std::thread::Builder::new().name("portcullis-signals".to_owned()).spawn(wait)?;
        Ok(Self { told, handle })
    }

    pub(super) async fn next(&mut self) -> Signal {
        self.told.recv().await.unwrap_or(Signal::Stop)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
    }
}
