//! Laws of the run, over a made-up wire with a clock of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::{Fault, Outcome, Request, Response, Rules, Wire, run};

/// What the server does with one attempt: after so many milliseconds, this.
#[derive(Clone, Debug)]
enum Act {
    Answers(u64, u16, Option<u32>),
    Breaks(u64),
    Never,
    NotStarted,
}

struct Made {
    now: Duration,
    /// For each path, what happens to its attempts; the last counts for all that follow.
    acts: BTreeMap<String, Vec<Act>>,
    /// When each attempt began, by path.
    begun: BTreeMap<String, Vec<Duration>>,
    open: usize,
    most_open: usize,
}

struct Way {
    ends: Option<(Duration, Outcome)>,
}

impl Wire for Made {
    type Exchange = Way;

    fn now(&self) -> Duration {
        self.now
    }

    fn random(&mut self) -> u64 {
        7
    }

    fn start(&mut self, request: &Request, _: usize) -> Result<Way, Fault> {
        let path = request.target().unwrap().path.to_owned();
        let begun = self.begun.entry(path.clone()).or_default();
        let acts = &self.acts[&path];
        let act = acts[begun.len().min(acts.len() - 1)].clone();
        begun.push(self.now);
        let after = |wait: u64, outcome| Some((self.now + Duration::from_millis(wait), outcome));
        let ends = match act {
            Act::Answers(wait, status, retry) => after(wait, Ok(answer(status, retry))),
            Act::Breaks(wait) => after(wait, Err(Fault::Connection("the connection broke"))),
            Act::Never => None,
            Act::NotStarted => return Err(Fault::Denied),
        };
        self.open += 1;
        self.most_open = self.most_open.max(self.open);
        Ok(Way { ends })
    }

    fn wait(&mut self, open: &mut [&mut Way], until: Duration) -> Vec<(usize, Outcome)> {
        let first = open.iter().filter_map(|way| way.ends.as_ref().map(|(when, _)| *when)).min();
        self.now = self.now.max(first.map_or(until, |first| first.min(until)));
        let ended = |(place, way): (usize, &mut &mut Way)| match &way.ends {
            Some((when, _)) if *when <= self.now => Some((place, way.ends.take().unwrap().1)),
            _ => None,
        };
        let ended: Vec<_> = open.iter_mut().enumerate().filter_map(ended).collect();
        self.open -= ended.len();
        ended
    }
}

fn answer(status: u16, retry: Option<u32>) -> Response {
    let headers = retry.map(|seconds| ("Retry-After".to_owned(), seconds.to_string().into_bytes()));
    let headers = headers.into_iter().collect();
    Response { request: String::new(), attempts: 0, status, headers, body: Vec::new() }
}

fn act() -> impl Strategy<Value = Act> {
    let status = prop_oneof![Just(200), Just(404), Just(429), Just(500), Just(503)];
    prop_oneof![
        4 => (0_u64..400, status, proptest::option::of(0_u32..4)).prop_map(|(wait, s, r)| Act::Answers(wait, s, r)),
        2 => (0_u64..400).prop_map(Act::Breaks),
        1 => Just(Act::Never),
        1 => Just(Act::NotStarted),
    ]
}

proptest! {
    #[test]
    fn every_request_ends_once_within_its_bounds(
        acts in proptest::collection::vec((any::<bool>(), proptest::collection::vec(act(), 1..4)), 0..12),
        parallel in 1_usize..5, attempts in 1_u32..5, until in 0_u64..6_000,
    ) {
        let requests: Vec<Request> = acts.iter().enumerate().map(|(place, (post, _))| {
            let url = format!("https://h/{place}");
            if *post { Request::post(url, "") } else { Request::get(url) }
        }).collect();
        let rules = Rules { parallel, attempts, body: 0, until: Duration::from_millis(until) };
        let mut wire = Made {
            now: Duration::ZERO,
            acts: acts.iter().enumerate().map(|(place, (_, acts))| (format!("/{place}"), acts.clone())).collect(),
            begun: BTreeMap::new(), open: 0, most_open: 0,
        };
        let results = run(&mut wire, &requests, &rules);

        // Each has its own result, in order.
        prop_assert_eq!(results.len(), requests.len());
        for (place, result) in results.iter().enumerate() {
            let line = match result {
                Ok(response) => response.request.clone(),
                Err(error) => error.to_string(),
            };
            let path = format!("https://h/{place}");
            prop_assert!(line.split([' ', ':']).any(|_| line.contains(&path)), "{line}");
        }
        prop_assert!(wire.most_open <= parallel);
        // Nobody waits past the deadline.
        prop_assert!(wire.now <= rules.until.max(Duration::ZERO), "{:?}", wire.now);
        for (place, (post, acts)) in acts.iter().enumerate() {
            let begun = wire.begun.get(&format!("/{place}")).cloned().unwrap_or_default();
            prop_assert!(begun.len() <= usize::try_from(attempts).unwrap());
            prop_assert!(begun.iter().all(|at| *at < rules.until));
            for (index, pair) in begun.windows(2).enumerate() {
                // A second attempt is made after a passing outcome alone, and not before the server wants it.
                let (waited, act) = (pair[1] - pair[0], &acts[index.min(acts.len() - 1)]);
                match act {
                    Act::Answers(wait, status, retry) => {
                        prop_assert!(matches!(status, 429 | 503) || (*status == 500 && !post));
                        let least = u64::from(retry.unwrap_or(0)) * 1_000 + wait;
                        prop_assert!(waited >= Duration::from_millis(least));
                    }
                    Act::Breaks(_) => prop_assert!(!post),
                    Act::Never | Act::NotStarted => prop_assert!(false, "sent again after {act:?}"),
                }
            }
        }
    }
}

#[test]
fn what_was_answered_last_stands_when_there_is_no_time_for_another_attempt() {
    // Another request fills the only place until the time is over.
    let acts = [("/0".to_owned(), vec![Act::Answers(10, 503, Some(1))]), ("/1".to_owned(), vec![Act::Never])];
    let mut wire =
        Made { now: Duration::ZERO, acts: acts.into(), begun: BTreeMap::new(), open: 0, most_open: 0 };
    let requests = [Request::get("https://h/0"), Request::get("https://h/1")];
    let rules = Rules { parallel: 1, attempts: 3, body: 0, until: Duration::from_secs(5) };
    let results = run(&mut wire, &requests, &rules);
    assert_eq!(results[0].as_ref().map(Response::status), Ok(503));
    assert_eq!(results[1].as_ref().map_err(super::Error::kind), Err(&super::ErrorKind::Deadline));
}
