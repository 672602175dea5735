//! Who may ask: judged by what the kernel says of the other end of a socket.

use std::collections::BTreeSet;

use tokio::net::UnixStream;

/// Users that may ask. Everything else gets a connection that closes without a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peers(BTreeSet<u32>);

impl Peers {
    /// The user of this process, and root, who could read its memory anyway.
    #[must_use]
    pub fn own() -> Self {
        Self(BTreeSet::from([0, rustix::process::geteuid().as_raw()]))
    }

    /// These users alone, by number.
    #[must_use]
    pub fn of(users: impl IntoIterator<Item = u32>) -> Self {
        Self(users.into_iter().collect())
    }

    /// One user more.
    #[must_use]
    pub fn and(mut self, user: u32) -> Self {
        self.0.insert(user);
        self
    }

    /// Whether more than [`own`](Self::own) may ask: the socket's file has to let them in, too.
    #[must_use]
    pub fn has_others(&self) -> bool {
        !self.0.is_subset(&Self::own().0)
    }

    pub(super) fn allow(&self, stream: &UnixStream) -> bool {
        // A peer that the kernel knows nothing of is nobody.
        stream.peer_cred().is_ok_and(|peer| self.0.contains(&peer.uid()))
    }
}

/// User, group and process, for the log.
pub(super) fn describe(stream: &UnixStream) -> String {
    match stream.peer_cred() {
        Ok(peer) => {
            let process = peer.pid().map(|process| format!(", process {process}")).unwrap_or_default();
            format!("user {}, group {}{process}", peer.uid(), peer.gid())
        }
        Err(error) => format!("unknown: {error}"),
    }
}
