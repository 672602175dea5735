//! Failures that pass, or do not.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use super::complete;
use crate::{Behaviour, Connection, Script};

/// Answers every request with this status and these headers, each with its line end.
pub fn always(status: &str, headers: &str) -> Script {
    Script::answer(complete(status, headers, "failed"))
}

/// Answers the first requests with a failure, and all that follow with `ok`. Whatever the connection, requests are counted.
#[derive(Debug)]
pub struct Recovers {
    left: AtomicUsize,
    failure: Vec<u8>,
}

impl Recovers {
    /// Fails so many times, with this status and these headers.
    pub fn after(failures: usize, status: &str, headers: &str) -> Self {
        Self { left: AtomicUsize::new(failures), failure: complete(status, headers, "failed") }
    }
}

#[async_trait]
impl Behaviour for Recovers {
    async fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        while connection.request().await?.is_some() {
            let failing =
                self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            let answer = if failing.is_ok() { self.failure.clone() } else { complete("200 OK", "", "ok") };
            connection.send(&answer).await?;
        }
        Ok(())
    }
}
