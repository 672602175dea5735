//! HTTP on a Unix socket, and with TLS on an address of this machine: whoever may not ask gets nothing, and whoever asks
//! slowly holds up nobody else.

mod answer;
mod asked;
mod bind;
mod connection;
mod peers;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

pub use answer::Answer;
pub use asked::Asked;
pub use bind::BindError;
pub use peers::Peers;
use tls::Token;
pub use tls::{TlsError, TlsOptions};

/// Most connections at once. Who comes later waits in the queue of the kernel until one of them ends, which is soon
/// (`connection` bounds the life of each).
const CONNECTIONS: usize = 2048;

/// What answers requests.
#[async_trait]
pub trait Service: Send + Sync + 'static {
    /// Answers one request of somebody who may ask.
    async fn answer(&self, asked: &Asked) -> Answer;
}

/// A socket that is listened on. Its file, where it has one, goes when this is dropped.
pub struct Server(Listener);

enum Listener {
    /// A file of this machine, and who may ask.
    Unix(UnixListener, Place, Peers),
    /// An address of this machine, and what shows who may ask.
    Tls(TcpListener, TlsAcceptor, Token),
}

/// The socket's file, as long as it is ours.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// Device and number of the file: another server may have put its own there since.
    file: (u64, u64),
}

/// A connection, with what it takes to answer it.
enum Accepted {
    Unix(UnixStream),
    Tls(TcpStream, TlsAcceptor, Token),
    /// Closed without a byte.
    Refused(UnixStream),
}

impl Listener {
    async fn accept(&self) -> io::Result<Accepted> {
        Ok(match self {
            Self::Unix(listener, _, peers) => match listener.accept().await?.0 {
                stream if peers.allow(&stream) => Accepted::Unix(stream),
                stream => Accepted::Refused(stream),
            },
            Self::Tls(listener, acceptor, token) => {
                Accepted::Tls(listener.accept().await?.0, acceptor.clone(), token.clone())
            }
        })
    }
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
        Ok(Self(Listener::Unix(listener, place, peers)))
    }

    /// Listens with TLS at an address of this machine alone, for whoever shows the token.
    ///
    /// # Errors
    /// Where others could reach the address, a file cannot be used, or something listens there already.
    pub async fn bind_tls(options: &TlsOptions) -> Result<Self, TlsError> {
        let (listener, acceptor, token) = tls::bind(options).await?;
        Ok(Self(Listener::Tls(listener, acceptor, token)))
    }

    /// The address that it listens at; nothing for a file.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.0 {
            Listener::Unix(..) => None,
            Listener::Tls(listener, ..) => listener.local_addr().ok(),
        }
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
                accepted = self.0.accept() => accepted,
            };
            // Those that have ended leave the set.
            while connections.try_join_next().is_some() {}
            let (service, stopped) = (Arc::clone(&service), stopped.clone());
            match accepted {
                Ok(Accepted::Unix(stream)) => {
                    connections.spawn(async move {
                        connection::serve(stream, None, service, stopped).await;
                        drop(place);
                    });
                }
                Ok(Accepted::Tls(stream, acceptor, token)) => {
                    connections.spawn(async move {
                        connection::serve_tls(stream, acceptor, token, service, stopped).await;
                        drop(place);
                    });
                }
                Ok(Accepted::Refused(stream)) => {
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

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Listener::Unix(_, place, peers) => {
                f.debug_struct("Server").field("path", &place.path).field("peers", peers).finish()
            }
            Listener::Tls(listener, ..) => {
                f.debug_struct("Server").field("listener", listener).finish_non_exhaustive()
            }
        }
    }
}
