//! A resolved document to look at, with its secrets hidden.

use portcullis_agent::scrub::{KnownValues, Scrubber};
use portcullis_secrets::{Document, Format, SettingPath};
use secrecy::SecretString;

/// Separates the text and the values; no byte of a UTF-8 text.
const SEPARATOR: u8 = 0xff;

/// Any bytes, a text and behind each byte 0xff a value:
///
/// * what is shown has none of the values that are looked for, whatever the text;
/// * what is put in a reference's place is not shown there either, though nobody looks for it;
/// * what is shown can be shown again, where no value was found in what stands around the strings.
pub fn scrub(data: &[u8]) {
    let mut pieces = data.split(|byte| *byte == SEPARATOR);
    let text = pieces.next().unwrap_or_default();
    let values: Vec<String> = pieces.map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    let known = KnownValues::new(values.iter().map(String::as_str)).expect("not so many");
    let shown = shown(text, &[], &known);
    for value in values.iter().filter(|value| is_looked_for(value)) {
        assert!(!shown.contains(value.as_str()), "{value:?} is in {shown:?}");
    }
    shown_again(&self::shown(text, &[], &KnownValues::default()));
    in_place(text);
}

/// Short ones are in innocent words, and stars are what hides others.
fn is_looked_for(value: &str) -> bool {
    value.len() >= 6 && value.bytes().any(|byte| byte != b'*')
}

fn shown(text: &[u8], places: &[SettingPath], known: &KnownValues) -> String {
    Scrubber::default().scrub(text, places, known).unwrap_or_else(|error| {
        assert!(!error.to_string().contains('\n'));
        String::new()
    })
}

fn shown_again(shown: &str) {
    let again = Scrubber::default().scrub(shown.as_bytes(), &[], &KnownValues::default());
    assert!(again.is_ok(), "{again:?} of {shown:?}");
}

/// A value that nothing else of a text could be.
const MARKER: &str = "marker-of-the-value";

fn in_place(text: &[u8]) {
    let Ok(document) = Document::scan("f", text, Format::Detect) else { return };
    if document.handles().is_empty() || text.windows(MARKER.len()).any(|window| window == MARKER.as_bytes()) {
        return;
    }
    let places: Vec<SettingPath> = document.places().map(|place| place.path().into()).collect();
    let value = SecretString::from(MARKER);
    let resolved = document.splice_with(|_| Some(&value));
    let shown = shown(&resolved, &places, &KnownValues::default());
    assert!(!shown.contains(MARKER), "{shown:?}");
}
