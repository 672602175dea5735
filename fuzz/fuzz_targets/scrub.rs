//! A resolved document to look at.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::scrub(data));
