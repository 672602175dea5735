//! What a backend answers, from its raw memory to what is believed of it.

mod memory;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use portcullis_policy::Policy;
use portcullis_sandbox::{AnswerFault, CallError, Component, FailureKind, Outcome};
use secrecy::ExposeSecret as _;

use crate::engine::{block_on, engine, link, policy};
use memory::{Failure, Memory, Resolution};

/// Most bytes of an input.
const MOST: usize = 4096;

/// The handles of every batch.
const REQUESTED: [&str; 4] = ["a", "bb", "ccc", "path/d"];

/// The limits `value` and `batch`, in bytes: small, so that inputs reach them.
const VALUE: usize = 32;
const BATCH: usize = 80;

/// Longest message of a failure, and what a value in it is replaced by.
const MESSAGE: usize = 4096;
const MASK: char = '*';
/// The beginning of a longer value is masked as the value is.
const HEAD: usize = 64;
/// Shorter values are masked as whole words only.
const ANYWHERE: usize = 4;

/// Above this many bytes of texts in one answer the host may have stopped to copy (`limits.host_copy`).
const COPIED: usize = 1 << 20;

/// The memory of a guest, from where its answer begins (`answer.wat` says what is where): the host traps, refuses or accepts
/// exactly where a second reading of the memory does. An accepted answer has one outcome for each handle, in their order,
/// with the guest's values and nobody else's; no value is in a message; no value or message is over its limit.
pub fn answer(data: &[u8]) {
    if data.len() > MOST {
        return;
    }
    let requested = REQUESTED.map(str::to_owned);
    let memory = Memory::new(data, &requested);
    let letters = data.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'a' + half));
    let (component, policy) = echo();
    let provider = link(component, policy, ("memory".to_owned(), letters.collect())).expect("a good backend");
    let found = block_on(provider.resolve(&requested));

    match (memory.answer(), found) {
        (None, Err(CallError::Trapped { .. })) => {}
        (Some(Err(failure)), Err(CallError::Failed(found))) => {
            assert_eq!(found.kind, kind(failure.kind));
            assert_eq!(found.retry_after, failure.retry_after.map(seconds));
            assert_eq!(found.message, cut(failure.message));
        }
        (Some(Ok(resolutions)), Err(CallError::Trapped { reason })) => {
            assert!(size(&resolutions) > COPIED, "stopped without a cause: {reason}");
        }
        (Some(Ok(resolutions)), Err(CallError::Answer(fault))) => {
            let expected =
                fault_of(&resolutions).unwrap_or_else(|| panic!("refused without a cause: {fault}"));
            assert_eq!(
                std::mem::discriminant(&expected),
                std::mem::discriminant(&fault_name(&fault)),
                "{fault}"
            );
        }
        (Some(Ok(resolutions)), Ok(outcomes)) => {
            assert!(fault_of(&resolutions).is_none(), "accepted what breaks the contract");
            accepted(&resolutions, &outcomes);
        }
        (expected, found) => {
            let expected =
                expected.map(|answer| answer.map(|list| list.len()).map_err(|failure| failure.kind));
            panic!("{expected:?} by the memory, and the host has {found:?}");
        }
    }
}

/// The backend whose memory is filled, and its policy.
fn echo() -> &'static (Component, Arc<Policy>) {
    static ECHO: OnceLock<(Component, Arc<Policy>)> = OnceLock::new();
    ECHO.get_or_init(|| {
        let bytes = portcullis_assemble::component(
            include_str!("answer.wat"),
            &portcullis_assemble::backend_with(["wasi:config/store@0.2.0-rc.1"]),
        );
        let bytes = bytes.expect("a backend");
        let policy = policy(&format!("limits: {{ value: {VALUE}B, batch: {BATCH}B }}"));
        let verified = policy.decide_component(bytes).expect("any digest");
        let component = engine().load(&engine().compile(&verified).expect("code")).expect("a component");
        (component, policy)
    })
}

fn size(resolutions: &[Resolution<'_>]) -> usize {
    let texts = resolutions.iter().map(|resolution| {
        let told = match &resolution.outcome {
            Ok(secret) => secret.value,
            Err(failure) => failure.message,
        };
        32 + resolution.handle.len() + told.len()
    });
    texts.sum()
}

/// How an answer breaks the contract.
enum Fault {
    BatchTooLarge,
    Missing,
    Repeated,
    Unknown,
}

fn fault_name(fault: &AnswerFault) -> Fault {
    match fault {
        AnswerFault::BatchTooLarge { .. } => Fault::BatchTooLarge,
        AnswerFault::Missing { .. } => Fault::Missing,
        AnswerFault::Repeated { .. } => Fault::Repeated,
        AnswerFault::Unknown { .. } => Fault::Unknown,
        other => panic!("{other} is new here"),
    }
}

fn fault_of(resolutions: &[Resolution<'_>]) -> Option<Fault> {
    let mut seen = BTreeSet::new();
    for resolution in resolutions {
        if !REQUESTED.contains(&resolution.handle) {
            return Some(Fault::Unknown);
        }
        if !seen.insert(resolution.handle) {
            return Some(Fault::Repeated);
        }
    }
    let values = resolutions.iter().filter_map(|resolution| resolution.outcome.as_ref().ok());
    if values.map(|secret| secret.value.len()).sum::<usize>() > BATCH {
        return Some(Fault::BatchTooLarge);
    }
    (seen.len() < REQUESTED.len()).then_some(Fault::Missing)
}

fn accepted(resolutions: &[Resolution<'_>], outcomes: &[Outcome]) {
    assert_eq!(outcomes.len(), REQUESTED.len());
    let values: Vec<&str> = resolutions
        .iter()
        .filter_map(|resolution| Some(resolution.outcome.as_ref().ok()?.value))
        .filter(|value| !value.is_empty())
        .collect();
    for (handle, outcome) in REQUESTED.iter().zip(outcomes) {
        let answered = resolutions.iter().find(|resolution| resolution.handle == *handle).unwrap();
        match (&answered.outcome, outcome) {
            (Ok(secret), Ok(found)) => {
                assert!(secret.value.len() <= VALUE);
                assert_eq!(found.value.expose_secret(), secret.value);
                assert_eq!(found.expires_in, secret.expires_in.map(seconds));
            }
            (Ok(secret), Err(found)) => {
                assert!(secret.value.len() > VALUE && found.kind == FailureKind::Other);
                assert!(found.message.contains("limits.value"), "{found}");
            }
            (Err(failure), Err(found)) => {
                assert_eq!(found.kind, kind(failure.kind));
                assert_eq!(found.retry_after, failure.retry_after.map(seconds));
                masked(failure, &found.message, &values);
            }
            (Err(_), Ok(_)) => panic!("a value where the guest has none"),
        }
    }
}

/// No value of the batch, one over its limit included, is in the message, and where not even the beginning of one is, the
/// message is what the guest wrote.
fn masked(failure: &Failure<'_>, message: &str, values: &[&str]) {
    assert!(message.len() <= MESSAGE);
    let begins = |value: &&str| {
        let head = &value.as_bytes()[..value.len().min(HEAD)];
        failure.message.as_bytes().windows(head.len()).any(|part| part == head)
    };
    if !values.iter().any(begins) {
        assert_eq!(message, cut(failure.message));
    }
    // The mask itself may spell a value of such characters.
    for value in values.iter().filter(|value| !value.contains(MASK)) {
        let beside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == MASK);
        let shown = message.match_indices(value).any(|(at, _)| {
            let (before, after) = (&message[..at], &message[at + value.len()..]);
            value.len() >= ANYWHERE || !(beside(before.chars().next_back()) || beside(after.chars().next()))
        });
        assert!(!shown, "{value:?} is in {message:?}, made from {:?}", failure.message);
    }
}

fn cut(message: &str) -> &str {
    &message[..message.floor_char_boundary(MESSAGE)]
}

fn kind(number: u8) -> FailureKind {
    match number {
        0 => FailureKind::NotFound,
        1 => FailureKind::Denied,
        2 => FailureKind::InvalidHandle,
        3 => FailureKind::Unavailable,
        _ => FailureKind::Other,
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}
