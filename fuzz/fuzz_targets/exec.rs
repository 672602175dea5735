//! A request of the exec protocol.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::exec(data));
