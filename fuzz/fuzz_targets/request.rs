//! A request of a guest: method and URL, and a header on each further line.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::request(data));
