//! The body of an answer: bounded, timed, and cleaned of what the guest must not see.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use portcullis_policy::Bytes as Limit;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};

use crate::SendError;
use crate::error::of_client;
use crate::scrub::{Scrubber, StreamScrubber};

/// What a body may take.
pub(crate) struct Bounds {
    pub(crate) bytes: Limit,
    /// When the request as a whole has to be done.
    pub(crate) deadline: Instant,
    /// Longest wait for a piece.
    pub(crate) between: Duration,
}

/// The body of an answer. Its place among the requests that are under way is free when it ends or is dropped.
pub struct ResponseBody {
    body: reqwest::Body,
    left: u64,
    limit: Limit,
    deadline: Pin<Box<Sleep>>,
    idle: Pin<Box<Sleep>>,
    between: Duration,
    scrub: StreamScrubber,
    place: Option<OwnedSemaphorePermit>,
}

impl ResponseBody {
    pub(crate) fn new(
        body: reqwest::Body,
        bounds: &Bounds,
        scrubber: Scrubber,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            body,
            left: bounds.bytes.get(),
            limit: bounds.bytes,
            deadline: Box::pin(tokio::time::sleep_until(bounds.deadline)),
            idle: Box::pin(tokio::time::sleep(bounds.between)),
            between: bounds.between,
            scrub: StreamScrubber::new(scrubber),
            place: Some(place),
        }
    }

    fn end(&mut self, error: SendError) -> Poll<Option<Result<Frame<Bytes>, SendError>>> {
        self.place = None;
        Poll::Ready(Some(Err(error)))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = SendError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, SendError>>> {
        if self.place.is_none() {
            return Poll::Ready(None);
        }
        if self.deadline.as_mut().poll(context).is_ready() {
            return self.end(SendError::Deadline);
        }
        loop {
            let frame = match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Pending if self.idle.as_mut().poll(context).is_ready() => {
                    return self.end(SendError::ResponseTimeout);
                }
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => {
                    self.place = None;
                    let rest = self.scrub.finish();
                    return Poll::Ready((!rest.is_empty()).then(|| Ok(Frame::data(rest))));
                }
                Poll::Ready(Some(Err(error))) => return self.end(of_client(&error)),
                Poll::Ready(Some(Ok(frame))) => frame,
            };
            let next = Instant::now() + self.between;
            self.idle.as_mut().reset(next);
            // Trailers are not passed on: no limit has counted them.
            let Ok(data) = frame.into_data() else { continue };
            let Some(left) = self.left.checked_sub(data.len() as u64) else {
                let limit = self.limit;
                return self.end(SendError::ResponseBody(limit));
            };
            self.left = left;
            let data = self.scrub.push(data);
            if !data.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
        }
    }
}

impl std::fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseBody").field("left", &self.left).finish_non_exhaustive()
    }
}
