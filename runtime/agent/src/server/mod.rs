//! HTTP on a Unix socket: whoever may not ask gets nothing, and whoever asks slowly holds up nobody else.

mod answer;
mod asked;
mod bind;
mod connection;
mod peers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::net::UnixListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use answer::Answer;
pub use asked::Asked;
pub use bind::BindError;
pub use peers::Peers;

/// Most connections at once. Who comes later waits in the queue of the kernel until one of them ends, which is soon
/// (`connection` bounds the life of each).
const CONNECTIONS: usize = 2048;

/// What answers requests.
#[async_trait]
pub trait Service: Send + Sync + 'static {
    /// Answers one request of somebody who may ask.
    async fn answer(&self, asked: &Asked) -> Answer;
}

/// A socket that is listened on. Its file goes when this is dropped.
#[derive(Debug)]
pub struct Server {
    listener: UnixListener,
    place: Place,
    peers: Peers,
}

/// The socket's file, as long as it is ours.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// Device and number of the file: another server may have put its own there since.
    file: (u64, u64),
}

impl Server {
    /// Listens at `path`, for `peers` alone. A socket that nobody listens on any more is replaced.
    ///
    /// Needs a Tokio runtime with I/O enabled.
    ///
    /// # Errors
    /// Where another server listens there, something else than a socket lies there, or the folder cannot be written.
    pub fn bind(path: &Path, peers: Peers) -> Result<Self, BindError> {
        let mode = if peers.has_others() { 0o666 } else { 0o600 };
        let (listener, place) = bind::bind(path, mode)?;
        Ok(Self { listener, place, peers })
    }

    /// Where it listens.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Answers until `stop` is done; then nothing new is accepted, and requests that are under way are answered.
    pub async fn serve(self, service: Arc<dyn Service>, stop: impl Future<Output = ()>) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = JoinSet::new();
        let (stopping, stopped) = tokio::sync::watch::channel(false);
        let mut stop = std::pin::pin!(stop);
        loop {
            // The semaphore is never closed.
            let place = tokio::select! {
                () = &mut stop => break,
                place = Arc::clone(&places).acquire_owned() => match place {
                    Ok(place) => place,
                    Err(_) => break,
                },
            };
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => accepted,
            };
            // Those that have ended leave the set.
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, _)) if self.peers.allow(&stream) => {
                    let service = Arc::clone(&service);
                    let stopped = stopped.clone();
                    connections.spawn(async move {
                        connection::serve(stream, service, stopped).await;
                        drop(place);
                    });
                }
                Ok((stream, _)) => {
                    tracing::warn!(peer = %peers::describe(&stream), "refused: this user may not ask");
                }
                Err(error) => {
                    // Out of descriptors, mostly: those of connections that end come back.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(connection::BREATH).await;
                }
            }
        }
        let _ = stopping.send(true);
        while connections.join_next().await.is_some() {}
    }
}
