//! The agent's own file, and a setting of its environment.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::merge(data));
