//! Guests that spend time.

use std::time::Duration;

use portcullis_policy::{Event, Reason};
use portcullis_sandbox::CallError;

use crate::{Behaviour, Observed};

/// Stopped by `limits.cpu`, and that was reported once.
fn over_cpu(observed: &Observed) -> Result<(), String> {
    observed.error_is("Cpu", |error| matches!(error, CallError::Cpu { .. }))?;
    reported_once(observed, Reason::CpuDeadline)
}

/// Stopped by `limits.wall`, and that was reported once.
fn over_wall(observed: &Observed) -> Result<(), String> {
    observed.error_is("Wall", |error| matches!(error, CallError::Wall { .. }))?;
    reported_once(observed, Reason::WallDeadline)
}

fn reported_once(observed: &Observed, expected: Reason) -> Result<(), String> {
    let limits = observed.events.iter().filter_map(|event| match event {
        Event::LimitReached { reason, .. } => Some(*reason),
        _ => None,
    });
    let limits: Vec<Reason> = limits.collect();
    if limits == [expected] { Ok(()) } else { Err(format!("expected one {expected:?}, saw {limits:?}")) }
}

pub(crate) fn infinite_loop() -> Behaviour {
    Behaviour::new(1, "endless loop", "stopped by `limits.cpu`").limits("cpu: 100ms").ends(over_cpu)
}

pub(crate) fn loop_against_wall() -> Behaviour {
    Behaviour::new(1, "endless loop with much `cpu`", "stopped by `limits.wall`")
        .limits("cpu: 30s, wall: 100ms")
        .ends(over_wall)
}

pub(crate) fn infinite_recursion() -> Behaviour {
    Behaviour::new(2, "endless recursion", "a trap; the host's stack is another one")
        .ends(|observed| observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. })))
}

pub(crate) fn start_loop() -> Behaviour {
    Behaviour::new(8, "work hidden in the start function", "stopped by `limits.cpu`, as in the call itself")
        .limits("cpu: 50ms")
        .always_hostile()
        .ends(over_cpu)
}

pub(crate) fn realloc_loop() -> Behaviour {
    Behaviour::new(9, "work hidden in the allocator that the host calls", "stopped by `limits.cpu`")
        .limits("cpu: 50ms")
        .always_hostile()
        .ends(over_cpu)
}

pub(crate) fn post_return_loop() -> Behaviour {
    Behaviour::new(9, "work hidden in the clean-up after the answer", "stopped by `limits.cpu`")
        .limits("cpu: 50ms")
        .ends(over_cpu)
}

pub(crate) fn poll_zero() -> Behaviour {
    Behaviour::new(16, "poll with no timeout in a loop, so as to stay in the host", "stopped by `limits.cpu`")
        .limits("cpu: 100ms, wall: 30s")
        .ends(over_cpu)
}

pub(crate) fn poll_far_future() -> Behaviour {
    Behaviour::new(17, "sleep for an hour", "stopped by `limits.wall`").limits("wall: 100ms").ends(over_wall)
}

pub(crate) fn busy_on_one_thread() -> Behaviour {
    Behaviour::new(
        18,
        "endless loop on the only thread of the runtime",
        "stopped; others run between its ticks",
    )
    .limits("cpu: 100ms")
    .one_thread()
    .ends(over_cpu)
}

pub(crate) fn trap() -> Behaviour {
    Behaviour::new(19, "crash, and leave a mark for the next call", "a trap; the next call finds no mark")
        .ends(|observed| observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. })))
}

pub(crate) fn abandoned() -> Behaviour {
    Behaviour::new(20, "be in the middle of work when the host gives up", "everything it held is released")
        .limits("cpu: 30s, wall: 30s")
        .abandoned_after(Duration::from_millis(50))
        .ends(|observed| match &observed.ended {
            None => Ok(()),
            other => Err(format!("expected no end, saw {other:?}")),
        })
}

/// Providers that each take nearly all of their time.
const SLOW: &str = "\
version: 1
providers:
  a: { component: ./slow.wasm, limits: { wall: 3s } }
  b: { component: ./slow.wasm, limits: { wall: 3s } }
  c: { component: ./slow.wasm, limits: { wall: 3s } }
  d: { component: ./slow.wasm, limits: { wall: 3s } }
routes:
  - { prefix: \"a:\", to: a }
  - { prefix: \"b:\", to: b }
  - { prefix: \"c:\", to: c }
  - { prefix: \"d:\", to: d }
";

pub(crate) fn slow_roll() -> Behaviour {
    Behaviour::new(
        81,
        "be one of four backends that each answer just before they would be stopped",
        "all run at once: one limit in time, not the sum (a breaker and a cache come with the resolver that lives on)",
    )
    .acts(|act| {
        act.install("slow.wasm", &act.guest()?)?;
        let (resolver, events) = act.resolver(SLOW, None)?;
        let calm = [("a:calm", "calm"), ("b:calm", "calm"), ("c:calm", "calm"), ("d:calm", "calm")];
        act.expect(&resolver, &calm)?;
        events.take();
        let slow = [("a:attack", "attack"), ("b:attack", "attack"), ("c:attack", "attack"), ("d:attack", "attack")];
        act.attack(|| act.expect(&resolver, &slow))?;
        all_at_once(&events.take())?;
        act.expect(&resolver, &calm)
    })
}

/// Each had begun before the first was about to answer.
fn all_at_once(events: &[Event]) -> Result<(), String> {
    let lines: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            Event::GuestLog { line, .. } => Some(line.as_str()),
            _ => None,
        })
        .collect();
    if lines == ["begins", "begins", "begins", "begins", "ends", "ends", "ends", "ends"] {
        return Ok(());
    }
    Err(format!("not at the same time: {lines:?}"))
}
