//! The page of metrics, byte for byte, and that it can always be read back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use portcullis_agent::metrics::{Label, Metric, Number, Page};
use proptest::prelude::*;

const FETCHES: Metric = Metric::counter("fetches_total", "Fetches that are over.");
const HANDLES: Metric = Metric::gauge("handles", "Handles in use.");
const ODD: Metric = Metric::gauge("odd-name.x", "Back\\slash, \"quotes\" and\na line break.");
const TIME: Metric = Metric::counter("fetch_seconds_total", "Time of fetches.");

#[test]
fn a_page() {
    let mut page = Page::default();
    page.add(HANDLES, &[], 7_usize);
    page.add(FETCHES, &[(Label::Provider, "vault"), (Label::Outcome, "ok")], u64::MAX);
    page.add(FETCHES, &[(Label::Outcome, "failed"), (Label::Provider, "vault")], 1_u64);
    page.add(FETCHES, &[(Label::Provider, "a\\b\"c\nd")], 0_u64);
    page.add(FETCHES, &[(Label::Provider, "vault"), (Label::Outcome, "failed")], 2_u64);
    page.add(TIME, &[], Duration::from_millis(1_250));
    page.add(ODD, &[], true);
    page.announce(HANDLES);
    page.announce(Metric::gauge("none", "Nothing yet."));
    assert_eq!(page.to_string(), include_str!("metrics/page.txt"));
}

#[test]
fn numbers() {
    for (number, shown) in [
        (Number::from(0_u64), "0"),
        (Number::from(false), "0"),
        (0.5.into(), "0.5"),
        ((-3.0).into(), "-3"),
        (f64::INFINITY.into(), "+Inf"),
        (f64::NEG_INFINITY.into(), "-Inf"),
        (f64::NAN.into(), "NaN"),
        (Duration::from_micros(1).into(), "0.000001"),
    ] {
        assert_eq!(number.to_string(), shown);
    }
}

/// A label's value as the format's readers take it.
fn read_back(line: &str) -> String {
    let quoted = line.split_once("=\"").unwrap().1.rsplit_once("\"} ").unwrap().0;
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        assert_ne!(c, '"', "a quote ends the value");
        value.push(match c {
            '\\' => match chars.next().unwrap() {
                'n' => '\n',
                same @ ('\\' | '"') => same,
                other => panic!("{other:?} is not an escape"),
            },
            _ => c,
        });
    }
    value
}

proptest! {
    #[test]
    fn any_value_of_a_label_is_one_line_and_read_back(value in any::<String>()) {
        let mut page = Page::default();
        page.add(HANDLES, &[(Label::Provider, &value)], 1_u64);
        let text = page.to_string();
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        prop_assert_eq!(lines.len(), 3);
        prop_assert_eq!(read_back(lines[2]), value);
    }
}
