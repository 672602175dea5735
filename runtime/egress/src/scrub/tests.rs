#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use bytes::Bytes;
use proptest::prelude::*;

use super::*;

fn scrubber(secret: &str) -> Scrubber {
    Scrubber::new(&[secret.to_owned().into()])
}

fn masked(secret: &str, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    scrubber(secret).scrub(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_form_is_masked() {
    let secret = "s.Ab/c+d \"<é>\"";
    // Form, as other libraries write it.
    let rows = [
        secret.to_owned(),
        "prefix s.Ab/c+d \"<é>\" suffix".to_owned(),
        "cy5BYi9jK2QgIjzDqT4i".to_owned(),
        // Behind one and two more bytes.
        "eHMuQWIvYytkICI8w6k+Ig==".to_owned(),
        "eHhzLkFiL2MrZCAiPMOpPiI=".to_owned(),
        "s.Ab%2Fc%2Bd%20%22%3C%C3%A9%3E%22".to_owned(),
        "s.Ab%2fc%2bd%20%22%3c%c3%a9%3e%22".to_owned(),
        "s.Ab%2Fc%2Bd+%22%3C%C3%A9%3E%22".to_owned(),
        r#"{"a":"s.Ab/c+d \"<é>\""}"#.to_owned(),
        r#"{"a":"s.Ab\/c+d \"\u003cé\u003e\""}"#.to_owned(),
        "732e41622f632b6420223cc3a93e22".to_owned(),
    ];
    for row in rows {
        let masked = masked(secret, &row);
        assert!(masked.contains("********"), "{row} became {masked}");
        assert!(!masked.contains("Ab") && !masked.contains("QWI"), "{row} became {masked}");
    }
}

#[test]
fn what_is_too_short_to_mean_anything_stays() {
    assert!(scrubber("abc12").is_empty());
    assert_eq!(masked("", "text"), "text");
}

#[test]
fn nothing_is_shown() {
    assert_eq!(format!("{:?}", scrubber("very secret")), "Scrubber(…)");
}

proptest! {
    /// Whatever the pieces, a stream gives what the whole would.
    #[test]
    fn pieces_do_not_matter(
        secret in "[a-c]{6,9}",
        text in prop::collection::vec(prop_oneof!["[a-c]{0,12}", Just("SECRET".to_owned())], 0..12),
        cuts in prop::collection::vec(1..20_usize, 0..20),
    ) {
        let whole: Vec<u8> = text.iter().map(|t| if t == "SECRET" { secret.clone() } else { t.clone() }).collect::<String>().into_bytes();
        let scrubber = scrubber(&secret);
        let mut expected = whole.clone();
        scrubber.scrub(&mut expected);
        let mut stream = StreamScrubber::new(scrubber);
        let (mut given, mut rest) = (Vec::new(), whole.as_slice());
        for cut in cuts {
            let (piece, left) = rest.split_at(cut.min(rest.len()));
            given.extend_from_slice(&stream.push(Bytes::copy_from_slice(piece)));
            rest = left;
        }
        given.extend_from_slice(&stream.push(Bytes::copy_from_slice(rest)));
        given.extend_from_slice(&stream.finish());
        prop_assert_eq!(given.len(), whole.len());
        prop_assert_eq!(String::from_utf8(given), String::from_utf8(expected));
    }
}
