//! Requests over `wasi:http`, with `wasi:io/poll` for all that is waited for.

use std::time::Duration;

use super::Request;
use super::exchange::Exchange;
use super::fault::Fault;
use super::rules::Outcome;
use super::run::Wire;
use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::io::poll::{self, Pollable};
use crate::bindings::wasi::random::insecure;
use crate::clock;

/// What the host offers.
pub(super) struct Host;

impl Wire for Host {
    type Exchange = Exchange;

    fn now(&self) -> Duration {
        clock::monotonic()
    }

    fn random(&mut self) -> u64 {
        insecure::get_insecure_random_u64()
    }

    fn start(&mut self, request: &Request, limit: usize) -> Result<Exchange, Fault> {
        Exchange::start(request, limit)
    }

    fn wait(&mut self, open: &mut [&mut Exchange], until: Duration) -> Vec<(usize, Outcome)> {
        loop {
            let mut ended = Vec::new();
            for (index, exchange) in open.iter_mut().enumerate() {
                if let Some(outcome) = exchange.advance() {
                    ended.push((index, outcome));
                }
            }
            if !ended.is_empty() || self.now() >= until {
                return ended;
            }
            let nanoseconds = u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
            let mut awaited: Vec<Pollable> = vec![monotonic_clock::subscribe_instant(nanoseconds)];
            awaited.extend(open.iter().flat_map(|exchange| exchange.subscribe()));
            poll::poll(&awaited.iter().collect::<Vec<_>>());
        }
    }
}
