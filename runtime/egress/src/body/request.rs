//! The body of a request: counted, and kept whole only while it is small.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use portcullis_policy::Bytes as Limit;
use thiserror::Error;

/// So much of a body is taken before the request is sent. A body that ends within goes out with its length, and can be
/// sent again; a longer one is passed on a piece at a time.
const HEAD: usize = 64 << 10;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The body of a request, from whatever the guest writes it with.
pub struct RequestBody(UnsyncBoxBody<Bytes, Error>);

impl RequestBody {
    /// Takes a body.
    pub fn new<B>(body: B) -> Self
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Error>,
    {
        Self(body.map_err(Into::into).boxed_unsync())
    }

    /// No body.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(http_body_util::Empty::new())
    }

    /// A body that is all there.
    #[must_use]
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        Self::new(http_body_util::Full::new(bytes.into()))
    }

    /// Takes the body's beginning; all of it where `whole`.
    pub(crate) async fn collect(mut self, limit: Limit, whole: bool) -> Result<Collected, CollectError> {
        let mut head = BytesMut::new();
        while whole || head.len() < HEAD {
            match self.0.frame().await {
                None => return Ok(Collected::Whole(head.freeze())),
                Some(Err(_)) => return Err(CollectError::Aborted(AbortedBody)),
                Some(Ok(frame)) => {
                    // Trailers of a guest are not passed on: nothing has judged their names.
                    if let Ok(data) = frame.into_data() {
                        if limit.get() < (head.len() as u64).saturating_add(data.len() as u64) {
                            return Err(CollectError::TooLarge(TooLarge(limit)));
                        }
                        head.extend_from_slice(&data);
                    }
                }
            }
        }
        let left = limit.get().saturating_sub(head.len() as u64);
        let head = Some(head.freeze());
        Ok(Collected::Longer(Rest(Mutex::new(Pieces { head, rest: self.0, left, limit }))))
    }
}

impl std::fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RequestBody")
    }
}

/// A body that is over the limit. Travels through the client's own error.
#[derive(Clone, Copy, Debug, Error)]
#[error("the body is over {0}")]
pub(crate) struct TooLarge(pub(crate) Limit);

/// The guest gave up its body before its end.
#[derive(Clone, Copy, Debug, Error)]
#[error("the body was not finished")]
pub(crate) struct AbortedBody;

pub(crate) enum CollectError {
    TooLarge(TooLarge),
    Aborted(AbortedBody),
}

/// A body as it is sent.
pub(crate) enum Collected {
    Whole(Bytes),
    Longer(Rest),
}

/// A body that is passed on as it comes. The lock is never waited for: a body has one reader.
pub(crate) struct Rest(Mutex<Pieces>);

struct Pieces {
    head: Option<Bytes>,
    rest: UnsyncBoxBody<Bytes, Error>,
    left: u64,
    limit: Limit,
}

impl Body for Rest {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pieces = &mut *pieces;
        if let Some(head) = pieces.head.take() {
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        loop {
            let frame = match std::task::ready!(Pin::new(&mut pieces.rest).poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(_)) => return Poll::Ready(Some(Err(AbortedBody.into()))),
                Some(Ok(frame)) => frame,
            };
            let Ok(data) = frame.into_data() else { continue };
            let Some(left) = pieces.left.checked_sub(data.len() as u64) else {
                return Poll::Ready(Some(Err(TooLarge(pieces.limit).into())));
            };
            pieces.left = left;
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
    }
}
