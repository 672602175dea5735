//! A listening port, and a thread that serves it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use async_trait::async_trait;
use rustls::{HandshakeKind, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::{Connection, Seen};

/// What a server does with each of its connections.
#[async_trait]
pub trait Behaviour: Send + Sync + 'static {
    /// Serves one connection; it is closed at the return.
    ///
    /// # Errors
    ///
    /// Where the client went away. That is no fault of the test.
    async fn serve(&self, connection: &mut Connection) -> io::Result<()>;
}

/// A server on 127.0.0.1. Dropping it ends it and closes every connection.
///
/// It has a thread and a runtime of its own, so that a test that counts tasks counts those of the host alone. Its
/// descriptors are of this process: start it before they are counted, and look at [`Seen::open`] before they are compared.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    seen: Arc<Seen>,
    scheme: &'static str,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server without TLS.
    ///
    /// # Errors
    ///
    /// Where no port can be had.
    pub fn plain(behaviour: impl Behaviour) -> io::Result<Self> {
        Self::start(None, Arc::new(behaviour))
    }

    /// A server with TLS: see [`certificates`](crate::certificates).
    ///
    /// # Errors
    ///
    /// As [`Server::plain`].
    pub fn tls(config: ServerConfig, behaviour: impl Behaviour) -> io::Result<Self> {
        Self::start(Some(TlsAcceptor::from(Arc::new(config))), Arc::new(behaviour))
    }

    fn start(tls: Option<TlsAcceptor>, behaviour: Arc<dyn Behaviour>) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let seen = Arc::new(Seen::default());
        let (stop, stopped) = oneshot::channel();
        let serving = serve(listener, tls, behaviour, Arc::clone(&seen), stopped);
        let thread = std::thread::Builder::new().name("test-server".to_owned()).spawn(move || {
            // An error is one of the listener, and the test that connects sees it.
            let _ = runtime.block_on(serving);
        })?;
        Ok(Self { address, seen, scheme, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its origin by address: `http://127.0.0.1:40000`.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Its origin by a name that leads here.
    pub fn origin_at(&self, name: &str) -> String {
        format!("{}://{name}:{}", self.scheme, self.port())
    }

    /// What it saw so far.
    pub fn seen(&self) -> &Arc<Seen> {
        &self.seen
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A behaviour that panicked has failed its test already.
            let _ = thread.join();
        }
    }
}

async fn serve(
    listener: std::net::TcpListener,
    tls: Option<TlsAcceptor>,
    behaviour: Arc<dyn Behaviour>,
    seen: Arc<Seen>,
    mut stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(_) = open.join_next() => {}
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                seen.accepted();
                let gone = Gone(Arc::clone(&seen));
                let (tls, behaviour, seen) = (tls.clone(), Arc::clone(&behaviour), Arc::clone(&seen));
                open.spawn(async move {
                    let _gone = gone;
                    // A client that goes away is what many tests are about.
                    let _ = one(stream, tls, &*behaviour, seen).await;
                });
            }
        }
    }
    Ok(())
}

/// Counts a connection as closed after its socket is.
struct Gone(Arc<Seen>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.closed();
    }
}

async fn one(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    behaviour: &dyn Behaviour,
    seen: Arc<Seen>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = match tls {
        None => Connection::new(Box::new(stream), seen),
        Some(tls) => {
            let stream = tls.accept(stream).await?;
            if stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed) {
                seen.took_up_a_session();
            }
            Connection::new(Box::new(stream), seen)
        }
    };
    behaviour.serve(&mut connection).await
}
