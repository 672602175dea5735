//! The checks on an answer: laws, and the rows of what a message may still say.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking, and so do its helpers"
)]

use portcullis_policy::{Grants, LimitOrigin, Policy, Profile, ProviderName};
use proptest::prelude::*;

use super::*;

fn limits() -> Limits {
    let mut grants = Grants::default();
    grants.limits.set("value", "1KiB", LimitOrigin::File).unwrap();
    grants.limits.set("batch", "16KiB", LimitOrigin::File).unwrap();
    let name = ProviderName::new("test").unwrap();
    Policy::compile(name, Profile::Custom, grants, None).unwrap().limits().clone()
}

fn found(handle: &str, value: &str) -> wit::Resolution {
    let secret = wit::Secret { value: value.to_owned(), expires_in: None };
    wit::Resolution { handle: handle.to_owned(), outcome: Ok(secret) }
}

fn failed(handle: &str, message: &str) -> wit::Resolution {
    let failure =
        wit::Failure { kind: wit::FailureKind::Other, message: message.to_owned(), retry_after: None };
    wit::Resolution { handle: handle.to_owned(), outcome: Err(failure) }
}

/// Different handles, and the same number of them in any order.
fn batch() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    proptest::collection::btree_set("[a-z;/]{0,6}", 1..20)
        .prop_map(|handles| handles.into_iter().collect::<Vec<_>>())
        .prop_flat_map(|handles| (Just(handles.clone()), Just(handles).prop_shuffle()))
}

proptest! {
    #[test]
    fn values_stay_with_their_handles_in_any_order((handles, order) in batch()) {
        let answer = order.iter().map(|handle| found(handle, &format!("value of {handle}"))).collect();
        let outcomes = check(&handles, answer, &limits()).unwrap();
        prop_assert_eq!(outcomes.len(), handles.len());
        for (handle, outcome) in handles.iter().zip(outcomes) {
            let value = outcome.unwrap().value;
            prop_assert_eq!(value.expose_secret(), &format!("value of {handle}"));
        }
    }

    #[test]
    fn one_too_few_one_too_many_or_another_fails_the_batch((handles, order) in batch(), at in any::<prop::sample::Index>()) {
        let good: Vec<wit::Resolution> = order.iter().map(|handle| found(handle, "v")).collect();
        let at = at.index(good.len());

        let mut fewer = good.clone();
        fewer.remove(at);
        let missing = matches!(check(&handles, fewer, &limits()), Err(AnswerFault::Missing { .. }));
        prop_assert!(missing);

        let mut doubled = good.clone();
        doubled.push(good[at].clone());
        let repeated = matches!(check(&handles, doubled, &limits()), Err(AnswerFault::Repeated { .. }));
        prop_assert!(repeated);

        let mut renamed = good;
        renamed[at].handle.push('!');
        let unknown = matches!(check(&handles, renamed, &limits()), Err(AnswerFault::Unknown { .. }));
        prop_assert!(unknown);
    }

    #[test]
    fn a_message_never_holds_a_value_of_four_bytes_or_more(
        value in "[ -~]{4,40}", before in "[ -~]{0,40}", after in "[ -~]{0,6000}",
    ) {
        let handles = ["good".to_owned(), "bad".to_owned()];
        let answer = vec![found("good", &value), failed("bad", &format!("{before}{value}{after}"))];
        let outcomes = check(&handles, answer, &limits()).unwrap();
        let message = &outcomes[1].as_ref().unwrap_err().message;
        // Stars of the mask itself may look like a value of stars.
        prop_assert!(!message.contains(&value) || value.chars().all(|c| c == '*'), "{message}");
        prop_assert!(message.len() <= MESSAGE);
    }
}

#[test]
fn what_a_message_may_still_say() {
    // Value, message, what is left of it.
    let long = "é".repeat(4_000);
    let rows = [
        ("s3cret", "401 for s3cret!", "401 for ********!"),
        ("s3cret", "s3crets3cret", "****************"),
        ("ab", "ab in a cab, ab", "******** in a cab, ********"),
        ("1", "line 1, column 12", "line ********, column 12"),
        ("", "nothing to hide", "nothing to hide"),
        ("x", &long, &long[..MESSAGE]),
    ];
    for (value, message, expected) in rows {
        let handles = ["good".to_owned(), "bad".to_owned()];
        let answer = vec![found("good", value), failed("bad", message)];
        let outcomes = check(&handles, answer, &limits()).unwrap();
        assert_eq!(outcomes[1].as_ref().unwrap_err().message, expected, "{value}");
    }
}

#[test]
fn values_that_overlap_hide_none_of_each_other() {
    // Values, message, what is left of it.
    let rows: [(&[&str], &str, &str); 6] = [
        (&["ab", "bcde"], "abcde", "a********"),
        (&["bcd", "cdefg"], "abcdefg", "ab********"),
        (&["a", "a b"], "a bc", "******** bc"),
        (&["a b", "b c"], "a b c", "********"),
        (&["abcd", "abcdef"], "abcdef abcdeg", "******** ********eg"),
        (&["ab", "ab"], "ab", "********"),
    ];
    for (values, message, expected) in rows {
        let handles: Vec<String> = (0..=values.len()).map(|number| number.to_string()).collect();
        let mut answer: Vec<_> =
            handles.iter().zip(values).map(|(handle, value)| found(handle, value)).collect();
        answer.push(failed(&handles[values.len()], message));
        let outcomes = check(&handles, answer, &limits()).unwrap();
        assert_eq!(outcomes[values.len()].as_ref().unwrap_err().message, expected, "{values:?}");
    }
}

#[test]
fn a_value_over_its_cap_is_in_no_message() {
    let value = "x".repeat(1025);
    let handles = ["large".to_owned(), "bad".to_owned()];
    let answer = vec![found("large", &value), failed("bad", &format!("no {value}!"))];
    let outcomes = check(&handles, answer, &limits()).unwrap();
    assert_eq!(outcomes[1].as_ref().unwrap_err().message, "no ********!");
}

#[test]
fn a_value_at_its_cap_passes_and_one_byte_more_does_not() {
    let handles = ["a".to_owned(), "b".to_owned()];
    let answer = vec![found("a", &"x".repeat(1024)), found("b", &"x".repeat(1025))];
    let outcomes = check(&handles, answer, &limits()).unwrap();
    assert!(outcomes[0].is_ok());
    assert!(outcomes[1].as_ref().unwrap_err().message.contains("1025 bytes"));
}

#[test]
fn values_that_fill_the_batch_pass_and_one_byte_more_does_not() {
    let handles: Vec<String> = (0..17).map(|number| number.to_string()).collect();
    for (last_but_one, last, fits) in [(1023, 1, true), (1024, 0, true), (1023, 2, false), (1024, 1, false)] {
        let lengths = std::iter::repeat_n(1024, 15).chain([last_but_one, last]);
        let answer = handles.iter().zip(lengths).map(|(handle, length)| found(handle, &"x".repeat(length)));
        match check(&handles, answer.collect(), &limits()) {
            Ok(outcomes) => assert!(fits && outcomes.iter().all(Result::is_ok)),
            Err(fault) => assert!(!fits && matches!(fault, AnswerFault::BatchTooLarge { .. }), "{fault}"),
        }
    }
}

#[test]
fn no_debug_form_shows_a_value() {
    let outcomes = check(&["a".to_owned()], vec![found("a", "MARKER-VALUE")], &limits()).unwrap();
    assert!(!format!("{outcomes:?}").contains("MARKER"));
}
