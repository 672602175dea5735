//! Many requests at once, each as often as the rules say. Pure but for the [`Wire`], which tests make up.

use std::time::Duration;

use super::fault::Fault;
use super::rules::{Outcome, Rules};
use super::{Error, ErrorKind, Request, Response};

/// What sends requests and tells the time.
pub(super) trait Wire {
    /// A request on its way. Dropping it gives it up.
    type Exchange;

    /// Now, on the monotonic clock.
    fn now(&self) -> Duration;

    /// Any number.
    fn random(&mut self) -> u64;

    /// Begins to send, and takes no more of a body than `limit` bytes.
    fn start(&mut self, request: &Request, limit: usize) -> Result<Self::Exchange, Fault>;

    /// Waits until one of the exchanges, or more, came to their end, and gives each with its place. Gives nothing when it is
    /// `until`.
    fn wait(&mut self, open: &mut [&mut Self::Exchange], until: Duration) -> Vec<(usize, Outcome)>;
}

/// Sends all requests. Outcomes stand in the order of the requests.
pub(super) fn run<W: Wire>(
    wire: &mut W,
    requests: &[Request],
    rules: &Rules,
) -> Vec<Result<Response, Error>> {
    let waiting = (0..requests.len()).map(Waiting::first).collect();
    let results = requests.iter().map(|_| None).collect();
    let mut run = Run { wire, requests, rules, waiting, open: Vec::new(), results };
    while run.step() {}
    run.finish()
}

struct Run<'a, W: Wire> {
    wire: &'a mut W,
    requests: &'a [Request],
    rules: &'a Rules,
    waiting: Vec<Waiting>,
    open: Vec<Open<W::Exchange>>,
    results: Vec<Option<Result<Response, Error>>>,
}

/// A request that is not on its way: not yet, or not again.
struct Waiting {
    place: usize,
    attempts: u32,
    not_before: Duration,
    /// What the last attempt came to: it stands where there is no time for another.
    last: Option<Outcome>,
}

impl Waiting {
    const fn first(place: usize) -> Self {
        Self { place, attempts: 0, not_before: Duration::ZERO, last: None }
    }
}

/// A request on its way.
struct Open<E> {
    place: usize,
    attempts: u32,
    exchange: E,
}

impl<W: Wire> Run<'_, W> {
    /// Begins what may begin, and waits for something to end. `false` when nothing is left to do, or no time.
    fn step(&mut self) -> bool {
        let now = self.wire.now();
        if now >= self.rules.until {
            return false;
        }
        while self.has_room()
            && let Some(next) = self.waiting.iter().position(|waiting| waiting.not_before <= now)
        {
            let Waiting { place, attempts, .. } = self.waiting.remove(next);
            let Some(request) = self.requests.get(place) else { continue };
            let attempts = attempts.saturating_add(1);
            match self.wire.start(request, self.rules.body) {
                Ok(exchange) => self.open.push(Open { place, attempts, exchange }),
                Err(fault) => self.settle(place, attempts, Err(fault)),
            }
        }
        if self.open.is_empty() && self.waiting.is_empty() {
            return false;
        }
        let next = self.waiting.iter().map(|waiting| waiting.not_before).min().filter(|_| self.has_room());
        let until = next.map_or(self.rules.until, |next| next.min(self.rules.until));
        let mut exchanges: Vec<_> = self.open.iter_mut().map(|open| &mut open.exchange).collect();
        let mut ended = self.wire.wait(&mut exchanges, until);
        // From the last on, so that the places of the others stay.
        ended.sort_by_key(|(index, _)| std::cmp::Reverse(*index));
        for (index, outcome) in ended {
            if index < self.open.len() {
                let Open { place, attempts, exchange } = self.open.remove(index);
                drop(exchange);
                self.settle(place, attempts, outcome);
            }
        }
        true
    }

    fn has_room(&self) -> bool {
        self.open.len() < self.rules.parallel.max(1)
    }

    /// An attempt ended: either the request waits for the next, or this is its end.
    fn settle(&mut self, place: usize, attempts: u32, outcome: Outcome) {
        let Some(request) = self.requests.get(place) else { return };
        let (now, random) = (self.wire.now(), self.wire.random());
        match self.rules.wait(request, attempts, &outcome, now, random) {
            Some(wait) => {
                let not_before = now.saturating_add(wait);
                self.waiting.push(Waiting { place, attempts, not_before, last: Some(outcome) });
            }
            None => self.conclude(place, attempts, Some(outcome)),
        }
    }

    fn conclude(&mut self, place: usize, attempts: u32, outcome: Option<Outcome>) {
        let line = self.requests.get(place).map(ToString::to_string).unwrap_or_default();
        let result = match outcome {
            Some(Ok(response)) => Ok(Response { request: line, attempts, ..response }),
            Some(Err(fault)) => Err(Error::new(line, attempts, fault.into())),
            None => Err(Error::new(line, attempts, ErrorKind::Deadline)),
        };
        if let Some(slot) = self.results.get_mut(place) {
            *slot = Some(result);
        }
    }

    /// What is not concluded ran out of time.
    fn finish(mut self) -> Vec<Result<Response, Error>> {
        for Waiting { place, attempts, last, .. } in std::mem::take(&mut self.waiting) {
            self.conclude(place, attempts, last);
        }
        for Open { place, attempts, .. } in std::mem::take(&mut self.open) {
            self.conclude(place, attempts, None);
        }
        self.results.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests;
