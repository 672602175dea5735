//! A behaviour as steps over raw bytes.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::{Behaviour, Connection};

/// What a server does next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Waits for a whole request.
    Request,
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes over and over: so often, or until the client goes.
    Repeat(Vec<u8>, Option<u64>),
    /// Waits for what never comes: until the client goes.
    Hang,
    /// Waits until the test lets it go on.
    Hold(Arc<Notify>),
    /// Breaks the connection off.
    Reset,
    /// Closes the connection.
    Close,
}

/// Steps, which begin again after the last as long as the client stays. Without [`Step::Request`] they are done once.
#[derive(Clone, Debug)]
pub struct Script(Vec<Step>);

impl Script {
    /// These steps.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(steps.into_iter().collect())
    }

    /// Answers each request with these bytes, and keeps the connection.
    pub fn answer(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new([Step::Request, Step::Send(bytes.into())])
    }

    /// Answers one request with these bytes, and closes the connection.
    pub fn answer_and_close(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new([Step::Request, Step::Send(bytes.into()), Step::Close])
    }
}

#[async_trait]
impl Behaviour for Script {
    async fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        let again = self.0.iter().any(|step| matches!(step, Step::Request));
        loop {
            for step in &self.0 {
                match step {
                    Step::Request => {
                        if connection.request().await?.is_none() {
                            return Ok(());
                        }
                    }
                    Step::Send(bytes) => connection.send(bytes).await?,
                    Step::Repeat(bytes, times) => {
                        let mut left = *times;
                        while left != Some(0) {
                            connection.send(bytes).await?;
                            left = left.map(|left| left.saturating_sub(1));
                        }
                    }
                    Step::Hang => connection.until_gone().await?,
                    Step::Hold(until) => until.notified().await,
                    Step::Reset => return connection.reset(),
                    Step::Close => return Ok(()),
                }
            }
            if !again {
                return Ok(());
            }
        }
    }
}
