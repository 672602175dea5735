//! One connection: bounded in time, whatever its other end does.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::{StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::tls::Token;
use super::{Answer, Asked, Service};

/// Longest wait for the head of a request. Whoever asks is on this machine.
const HEAD: Duration = Duration::from_secs(5);
/// Longest life of a connection: a refresh of a slow store takes 30 s.
const LIFE: Duration = Duration::from_secs(90);
/// Largest head of a request, in bytes.
const HEAD_BYTES: usize = 16 << 10;
/// Most headers of a request.
const HEADERS: usize = 64;
/// Wait after an `accept` that failed.
pub(super) const BREATH: Duration = Duration::from_millis(50);

/// Answers the requests of a connection behind TLS, those that show the token.
pub(super) async fn serve_tls(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    token: Token,
    service: Arc<dyn Service>,
    stopped: watch::Receiver<bool>,
) {
    match tokio::time::timeout(HEAD, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => serve(stream, Some(token), service, stopped).await,
        Ok(Err(error)) => tracing::debug!(%error, "a connection ended before its handshake did"),
        Err(_) => tracing::debug!("a connection was closed: its handshake takes too long"),
    }
}

/// Answers the requests of one connection, until its other end closes it, asks for nonsense, or its time is over. With a
/// token, only those that show it.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    token: Option<Token>,
    service: Arc<dyn Service>,
    mut stopped: watch::Receiver<bool>,
) {
    let answer = service_fn(move |request: http::Request<Incoming>| {
        let (service, token) = (Arc::clone(&service), token.clone());
        async move {
            let shown = request.headers().get(header::AUTHORIZATION);
            let answer = match token {
                Some(token) if !token.is_in(shown) => {
                    Answer::error(StatusCode::UNAUTHORIZED, "show the token of this machine's agent")
                }
                _ => service.answer(&Asked::of(&request)).await,
            };
            Ok::<_, Infallible>(answer.into_response())
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = std::pin::pin!(connection);
    let stop = async move {
        // An error is a server that is gone.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let whole = async {
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    };
    if tokio::time::timeout(LIFE, whole).await.is_err() {
        tracing::debug!("a connection was closed: its time is over");
    }
}
