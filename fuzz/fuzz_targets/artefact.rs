//! A file of compiled code, changed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::artefact(data));
