//! Writes lines that pretend to be others: of the host, of another backend, of another level, or none at all.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_guest::bindings::wasi::cli::stderr::get_stderr;
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

const LINES: &[&[u8]] = &[
    b"\x1b[2J\x1b[31mred\x1b[0m",
    b"\x1b]0;title\x07\x1b]8;;http://evil\x1b\\link",
    b"good\rbad",
    b"{\"level\":\"ERROR\",\"provider\":\"other\"}",
    b"\",\"level\":\"ERROR\",\"x\":\"",
    b"2026-01-01T00:00:00Z ERROR portcullis: the host says so",
    b"<3>kernel: panic",
    b"back\x08\x08\x08\x08slash \\n \\u{1b}",
    "bidi \u{202e}txet\u{202c} \u{2066}isolate\u{2069}".as_bytes(),
    "zero\u{200b}width\u{feff} line\u{2028}paragraph\u{2029} next\u{85}".as_bytes(),
    b"nul\0byte",
    b"bad \xff\xfe \xc3\x28 \xed\xa0\x80 utf8",
    b"",
    b"cut in the middle of \xe2\x82",
];

fn attack(_: &str) -> String {
    let stream = get_stderr();
    for line in LINES {
        let mut bytes = line.to_vec();
        bytes.push(b'\n');
        if stream.blocking_write_and_flush(&bytes).is_err() {
            return String::from("refused");
        }
    }
    Report::new().add("lines", LINES.len().to_string()).finish()
}
