//! From a name to addresses, by the resolver of the system.

use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Semaphore;

/// Looks up names. One call is one lookup: nothing here asks twice.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// Every address of `host`, in the order of the answer.
    ///
    /// # Errors
    /// Where there is no answer.
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// Lookups at once. Each holds a thread for as long as the system takes.
const AT_ONCE: usize = 8;

/// The resolver of the system: hosts file, name service switch, name servers.
#[derive(Clone, Debug)]
pub struct SystemLookup {
    slots: Arc<Semaphore>,
}

impl Default for SystemLookup {
    fn default() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(io::Error::other)?;
        let host = host.to_owned();
        // The slot goes with the thread: who stops waiting does not free it for one more.
        let lookup = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            (host.as_str(), 0).to_socket_addrs().map(|all| all.map(|address| address.ip()).collect())
        });
        lookup.await.map_err(io::Error::other)?
    }
}
