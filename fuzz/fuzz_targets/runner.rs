//! What a runner says to its daemon.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::runner(data));
