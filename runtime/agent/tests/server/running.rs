//! A server to be asked.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use portcullis_agent::server::{Answer, Asked, Peers, Server, Service};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Says what it was asked, and counts.
#[derive(Default)]
pub(crate) struct Echo(pub(crate) AtomicUsize);

#[async_trait]
impl Service for Echo {
    async fn answer(&self, asked: &Asked) -> Answer {
        self.0.fetch_add(1, Ordering::Relaxed);
        match asked.path.as_str() {
            "/error" => Answer::error(http::StatusCode::BAD_REQUEST, "a \"problem\"\n<here>"),
            path => Answer::text(format!("{} {path} {:?}", asked.method, asked.query("key"))),
        }
    }
}

/// A server that runs until it is stopped.
pub(crate) struct Running {
    _folder: tempfile::TempDir,
    path: PathBuf,
    echo: Arc<Echo>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Running {
    pub(crate) fn start(peers: Peers) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.sock");
        let server = Server::bind(&path, peers).unwrap();
        let echo = Arc::new(Echo::default());
        let (stop, stopped) = oneshot::channel();
        let service: Arc<dyn Service> = Arc::<Echo>::clone(&echo);
        let served = tokio::spawn(server.serve(service, async { drop(stopped.await) }));
        Self { _folder: folder, path, echo, stop, served }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn answered(&self) -> usize {
        self.echo.0.load(Ordering::Relaxed)
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.served.await.unwrap();
        assert!(!self.path.exists(), "the socket's file is left behind");
    }
}
