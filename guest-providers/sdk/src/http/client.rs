//! What an author uses.

use std::time::Duration;

use super::rules::Rules;
use super::run;
use super::wire::Host;
use super::{Error, ErrorKind, Request, Response};
use crate::clock;

/// Of the time of a call, this part is left for answering: a twentieth, and at most [`MOST_LEFT`].
const LEFT: u32 = 20;
/// More is not needed to hand over a batch.
const MOST_LEFT: Duration = Duration::from_millis(250);

/// Sends requests in parallel, tries again what may pass, and ends in time. One for each call.
///
/// Sent again is, after a wait that doubles from 100 ms on (half of it chance, no more than 5 s, or as long as
/// `Retry-After` says in seconds; a date there is not read):
///
/// * any request that was answered with 429 or 503;
/// * a request whose method may be repeated (`GET`, `HEAD`, `LIST`, `PUT`, `DELETE`, `OPTIONS`; others by
///   [`Request::repeatable`]) after another 5xx, but for 501 and 505, or after a fault of the connection.
///
/// A wait that would end after the deadline is not begun: what the last attempt came to is the result.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    rules: Rules,
}

impl Client {
    /// A client that ends a little before `deadline`, which counts from now on: the second argument of
    /// [`Provider::resolve`](crate::Provider::resolve). 8 requests at once, 3 attempts, bodies of up to 1 MiB.
    pub fn new(deadline: Duration) -> Self {
        let left = deadline.saturating_sub((deadline / LEFT).min(MOST_LEFT));
        let until = clock::monotonic().saturating_add(left);
        Self { rules: Rules { parallel: 8, attempts: 3, body: 1 << 20, until } }
    }

    /// Most requests at once, from 1 on. The policy may allow fewer; the others then fail or wait, as it says.
    #[must_use]
    pub fn parallel(self, requests: usize) -> Self {
        Self { rules: Rules { parallel: requests.max(1), ..self.rules } }
    }

    /// Most attempts of one request, the first included.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self { rules: Rules { attempts: attempts.max(1), ..self.rules } }
    }

    /// Most bytes of one body that is taken. All bodies of [`Client::send_all`] are in memory at once.
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Self {
        Self { rules: Rules { body: bytes, ..self.rules } }
    }

    /// Sends one request.
    ///
    /// # Errors
    ///
    /// Where there is no answer. One with a status of a failure is an answer: [`Response::ok`] tells them apart.
    pub fn send(&self, request: &Request) -> Result<Response, Error> {
        let only = self.send_all(std::slice::from_ref(request)).pop();
        only.unwrap_or_else(|| Err(Error::new(request.to_string(), 0, ErrorKind::Deadline)))
    }

    /// Sends requests in parallel. One result for each, in their order.
    pub fn send_all(&self, requests: &[Request]) -> Vec<Result<Response, Error>> {
        run::run(&mut Host, requests, &self.rules)
    }
}
