//! Asks a server on this machine.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http::{StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::UnixStream;

/// Largest answer, in bytes.
const LARGEST: usize = 256 << 20;

/// Why there is no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Nobody listens.
    #[error("cannot reach the daemon at {}: {error}; start it with `portcullis agent`, or name its socket with --socket", path.display())]
    Connect {
        /// Where.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It listens, and closes: this user may not ask.
    #[error("the daemon at {} answers this user nothing: ask as the user that it runs as, or start it with --allow-user", .0.display())]
    Refused(PathBuf),
    /// The answer cannot be read.
    #[error("the daemon at {} answered what cannot be read: {problem}", path.display())]
    Answer {
        /// Who.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// It does not answer.
    #[error("the daemon at {} did not answer within {} s", path.display(), patience.as_secs())]
    Late {
        /// Who.
        path: PathBuf,
        /// How long it had.
        patience: Duration,
    },
}

/// Asks for `target` (path and query) and reads the whole answer.
///
/// # Errors
/// Where there is no answer within `patience`. An answer with an error status is an answer.
pub async fn get(path: &Path, target: &str, patience: Duration) -> Result<(StatusCode, Bytes), ClientError> {
    let asked = tokio::time::timeout(patience, ask(path, target)).await;
    asked.map_err(|_| ClientError::Late { path: path.to_owned(), patience })?
}

async fn ask(path: &Path, target: &str) -> Result<(StatusCode, Bytes), ClientError> {
    let stream = UnixStream::connect(path)
        .await
        .map_err(|error| ClientError::Connect { path: path.to_owned(), error })?;
    let problem = |problem: String| ClientError::Answer { path: path.to_owned(), problem };
    let refused = |error: hyper::Error| {
        // Closed before a byte of an answer.
        if error.is_incomplete_message() || error.is_canceled() || error.is_closed() || is_io(&error) {
            ClientError::Refused(path.to_owned())
        } else {
            problem(error.to_string())
        }
    };
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(refused)?;
    let driven = tokio::spawn(connection);
    let request = http::Request::get(target)
        .header(header::HOST, "portcullis")
        .body(Empty::<Bytes>::new())
        .map_err(|error| problem(error.to_string()))?;
    let response = sender.send_request(request).await.map_err(refused)?;
    let status = response.status();
    let body = Limited::new(response.into_body(), LARGEST).collect().await;
    driven.abort();
    Ok((status, body.map_err(|error| problem(error.to_string()))?.to_bytes()))
}

fn is_io(error: &hyper::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<io::Error>)
}
