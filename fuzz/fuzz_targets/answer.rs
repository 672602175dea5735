//! What a backend has in its memory when it answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::answer(data));
