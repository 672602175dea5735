//! One call: what a good backend gets through, and how each bad one ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{ECHO, PLAIN, backend, call, handles, link};
use portcullis_policy::{Event, Reason};
use portcullis_sandbox::{AnswerFault, CallError, Engine, FailureKind};
use secrecy::ExposeSecret as _;

fn engine() -> Engine {
    Engine::new(2).unwrap()
}

#[test]
fn every_handle_has_its_value_in_the_order_asked() {
    let tested = link(&engine(), backend(PLAIN, "", ECHO), "").unwrap();
    for count in [0, 1, 8, 1_000, 10_000] {
        let handles = handles(count);
        let outcomes = call(&tested, &handles).unwrap();
        assert_eq!(outcomes.len(), count);
        for (handle, outcome) in handles.iter().zip(outcomes) {
            assert_eq!(outcome.unwrap().value.expose_secret(), handle);
        }
    }
}

/// Name, body of `resolve`, limits, and what the error must be.
type Bad = (&'static str, &'static str, &'static str, fn(&CallError) -> bool);

/// How a misbehaving backend ends. The body is the text of a core function.
const BAD: &[Bad] = &[
    ("endless loop against cpu", "(loop $l (br $l)) (unreachable)", "cpu: 20ms, wall: 30s", |e| {
        matches!(e, CallError::Cpu { .. }) && e.reason() == Some(Reason::CpuDeadline)
    }),
    ("endless loop against wall", "(loop $l (br $l)) (unreachable)", "cpu: 30s, wall: 20ms", |e| {
        matches!(e, CallError::Wall { .. }) && e.reason() == Some(Reason::WallDeadline)
    }),
    ("crash", "(unreachable)", "", |e| matches!(e, CallError::Trapped { .. })),
    (
        "grows without end",
        "(loop $l (br_if $l (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (unreachable)",
        "memory: 8MiB",
        |e| matches!(e, CallError::Memory { .. }) && e.reason() == Some(Reason::MemLimit),
    ),
    ("answers nothing", "(call $answer (i32.const 0) (i32.const 0))", "", |e| {
        matches!(e, CallError::Answer(AnswerFault::Missing { .. }))
    }),
    (
        "answers one handle twice",
        "(call $echo_one (local.get $handles) (i32.const 1024))
         (call $echo_one (local.get $handles) (i32.const 1056))
         (call $answer (i32.const 1024) (i32.const 2))",
        "",
        |e| matches!(e, CallError::Answer(AnswerFault::Repeated { .. })),
    ),
    (
        "answers what was not asked",
        "(i32.store (i32.const 256) (i32.const 300)) (i32.store (i32.const 260) (i32.const 3))
         (call $echo_one (i32.const 256) (i32.const 1024))
         (call $echo_one (local.get $handles) (i32.const 1056))
         (call $answer (i32.const 1024) (i32.const 2))",
        "",
        |e| matches!(e, CallError::Answer(AnswerFault::Unknown { .. })),
    ),
    ("points outside its memory", "(call $answer (i32.const -64) (i32.const 2))", "", |e| {
        matches!(e, CallError::Trapped { .. })
    }),
    ("returns 2^27 elements", "(call $answer (i32.const 1024) (i32.const 134217728))", "", |e| {
        matches!(e, CallError::Trapped { .. })
    }),
    (
        "fails the batch",
        "(i32.store8 (i32.const 16) (i32.const 1)) (i32.store8 offset=4 (i32.const 16) (i32.const 3))
         (i32.store offset=8 (i32.const 16) (i32.const 0)) (i32.store offset=12 (i32.const 16) (i32.const 0))
         (i32.store8 offset=16 (i32.const 16) (i32.const 1)) (i32.store offset=20 (i32.const 16) (i32.const 7))
         (i32.const 16)",
        "",
        |e| {
            matches!(e, CallError::Failed(failure)
                if failure.kind == FailureKind::Unavailable && failure.retry_after.unwrap().as_secs() == 7)
        },
    ),
];

#[test]
fn a_bad_backend_ends_as_it_should_and_leaves_nothing() {
    let engine = engine();
    let neighbour = link(&engine, backend(PLAIN, "", ECHO), "").unwrap();
    for (name, body, limits, expected) in BAD {
        let section = format!("    limits: {{ {limits} }}");
        let tested = link(&engine, backend(PLAIN, "", body), &section).unwrap();
        for round in 0..2 {
            let error = call(&tested, &handles(2)).expect_err(name);
            assert!(expected(&error), "{name}, round {round}: {error:?}");
            let limit_events = tested
                .events
                .0
                .lock()
                .unwrap()
                .iter()
                .filter(|e| matches!(e, Event::LimitReached { .. }))
                .count();
            assert_eq!(limit_events, if error.limit().is_some() { round + 1 } else { 0 }, "{name}");
        }
        assert_eq!(call(&neighbour, &handles(8)).unwrap().len(), 8, "after {name}");
    }
}

#[test]
fn work_before_the_call_is_under_the_same_limit() {
    let start = "(func $spin (loop $l (br $l))) (start $spin)";
    let tested = link(&engine(), backend(PLAIN, start, ECHO), "    limits: { cpu: 20ms }").unwrap();
    assert!(matches!(call(&tested, &handles(1)), Err(CallError::Cpu { .. })));
}

#[test]
fn nothing_is_kept_from_one_call_to_the_next() {
    // Answers with a byte that a former call would have changed.
    let body = "(if (i32.load8_u (i32.const 512)) (then (unreachable)))
        (i32.store8 (i32.const 512) (i32.const 1))
        (call $echo_one (local.get $handles) (i32.const 1024))
        (call $answer (i32.const 1024) (i32.const 1))";
    let tested = link(&engine(), backend(PLAIN, "", body), "").unwrap();
    for _ in 0..10 {
        assert!(call(&tested, &handles(1)).is_ok());
    }
}

#[test]
fn a_value_over_its_cap_fails_its_handle_and_values_over_the_batch_fail_all() {
    let engine = engine();
    let long = vec!["x".repeat(2_000), "short".to_owned()];
    let tested = link(&engine, backend(PLAIN, "", ECHO), "    limits: { value: 1KiB }").unwrap();
    let outcomes = call(&tested, &long).unwrap();
    let failure = outcomes[0].as_ref().unwrap_err();
    assert!(failure.message.contains("limits.value") && !failure.message.contains("xxx"), "{failure:?}");
    assert_eq!(outcomes[1].as_ref().unwrap().value.expose_secret(), "short");

    let tested = link(&engine, backend(PLAIN, "", ECHO), "    limits: { value: 1KiB, batch: 1KiB }").unwrap();
    let many: Vec<String> = (0..3).map(|n| format!("{n}{}", "x".repeat(500))).collect();
    assert!(matches!(call(&tested, &many), Err(CallError::Answer(AnswerFault::BatchTooLarge { .. }))));
}

#[test]
fn exit_is_a_failure_of_the_backend_and_not_of_the_process() {
    let world = format!("{PLAIN} import wasi:cli/exit@0.2.12;");
    let import = r#"(import "wasi:cli/exit@0.2.12" "exit" (func $exit (param i32)))"#;
    let tested =
        link(&engine(), backend(&world, import, "(call $exit (i32.const 0)) (unreachable)"), "").unwrap();
    assert!(matches!(call(&tested, &handles(1)), Err(CallError::Exited)));
}

#[test]
fn a_poll_on_a_far_clock_ends_at_the_wall() {
    let world = format!("{PLAIN} import wasi:clocks/monotonic-clock@0.2.12; import wasi:io/poll@0.2.12;");
    let import = r#"
        (import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))
        (import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
        (import "wasi:io/poll@0.2.12" "[resource-drop]pollable" (func $drop (param i32)))"#;
    let sleep = "(call $block (call $after (i64.const 3600000000000))) (unreachable)";
    let tested = link(&engine(), backend(&world, import, sleep), "    limits: { wall: 30ms }").unwrap();
    assert!(matches!(call(&tested, &handles(1)), Err(CallError::Wall { .. })));

    let poll = "(local $p i32) (loop $l
        (local.set $p (call $after (i64.const 0))) (call $block (local.get $p)) (call $drop (local.get $p)) (br $l))
        (unreachable)";
    let limits = "    limits: { wall: 30s, cpu: 30ms }";
    let tested = link(&engine(), backend(&world, import, poll), limits).unwrap();
    let error = call(&tested, &handles(1)).unwrap_err();
    assert!(matches!(error, CallError::Cpu { .. }), "{error:?}");
}

#[test]
fn handles_beyond_the_cap_end_the_call() {
    let world = format!("{PLAIN} import wasi:clocks/monotonic-clock@0.2.12;");
    let import = r#"
        (import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration" (func $after (param i64) (result i32)))"#;
    let hoard = "(loop $l (drop (call $after (i64.const 1))) (br $l)) (unreachable)";
    let tested = link(&engine(), backend(&world, import, hoard), "").unwrap();
    assert!(matches!(call(&tested, &handles(1)), Err(CallError::Trapped { .. })));
}
