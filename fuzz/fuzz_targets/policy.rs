//! A policy file, and a ceiling over it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::policy(data));
