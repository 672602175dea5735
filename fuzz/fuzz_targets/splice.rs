//! A document with references, and the values of these.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::splice(data));
