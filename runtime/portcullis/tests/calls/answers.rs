//! An answer that breaks the contract is one thing, a call without an answer another.

use std::collections::BTreeMap;

use portcullis::Origin;
use portcullis_secrets::{FailureKind, Reason};

use crate::guest::{Guests, runtime};

use FailureKind::{InvalidAnswer, Unavailable};
use Reason::{BackendError, InvalidResponse};

/// Guest, limits, what the failure is, what it is reported as, and the beginning of what an operator reads.
const ROWS: &[(&str, &str, FailureKind, Reason, &str)] = &[
    (
        "protocol_missing",
        "{}",
        InvalidAnswer,
        InvalidResponse,
        "the backend's answer was refused: it lacks the handle 'second'",
    ),
    (
        "protocol_duplicate",
        "{}",
        InvalidAnswer,
        InvalidResponse,
        "the backend's answer was refused: it has the handle 'attack' twice",
    ),
    (
        "protocol_unasked_handle",
        "{}",
        InvalidAnswer,
        InvalidResponse,
        "the backend's answer was refused: it has the handle 'stolen', which was not requested",
    ),
    (
        "protocol_nul_and_newlines",
        "{ batch: 3B }",
        Unavailable,
        BackendError,
        "the backend's answer was refused: its values together exceed 3B (`limits.batch`)",
    ),
    ("compute_trap", "{}", Unavailable, BackendError, "the backend crashed: "),
    ("protocol_pointer_outside", "{}", Unavailable, BackendError, "the backend crashed: "),
    (
        "compute_infinite_loop",
        "{ cpu: 20ms }",
        Unavailable,
        BackendError,
        "stopped after 20ms of processor time (`limits.cpu`)",
    ),
];

#[test]
fn an_answer_that_makes_no_sense_is_an_invalid_response_of_each_handle() {
    let runtime = runtime();
    for (guest, limits, kind, reason, says) in ROWS {
        let guests = Guests::new();
        guests.add(guest, "guest.wasm");
        let plan = guests.plan(&format!(
            "version: 1\nproviders: {{ guest: {{ component: ./guest.wasm, limits: {limits} }} }}\n"
        ));
        let text = "a: ENC[attack]\nb: ENC[second]\n";
        let (secrets, answer) = runtime.block_on(async {
            let secrets = guests.secrets(plan);
            let answer = secrets.resolve(text.as_bytes(), &Origin::new("test")).await.unwrap();
            (secrets, answer)
        });
        assert_eq!(&*answer.text, text.as_bytes(), "{guest}: nothing of it is believed");
        let failures = answer.failures.iter().map(|failed| &failed.failure);
        for failure in failures.clone() {
            assert_eq!(failure.kind, *kind, "{guest}");
            assert!(failure.message.starts_with(says), "{guest}: {failure}");
        }
        assert_eq!(failures.count(), 2, "{guest}");

        let failing: Vec<(String, Reason)> =
            secrets.failures().into_iter().map(|failed| (failed.path.to_string(), failed.reason)).collect();
        assert_eq!(failing, [("a".to_owned(), *reason), ("b".to_owned(), *reason)], "{guest}");
        let counts = secrets.counts();
        assert_eq!(counts.resolve_errors, BTreeMap::from([(*reason, 2)]), "{guest}");
        // For the breaker one is as bad as the other.
        let fetches: Vec<(u64, u64)> =
            counts.fetches.values().map(|fetches| (fetches.done, fetches.unreachable)).collect();
        assert_eq!(fetches, [(1, 1)], "{guest}");
        assert!(secrets.faults()[0].message.starts_with(says), "{guest}: {:?}", secrets.faults());
    }
}
