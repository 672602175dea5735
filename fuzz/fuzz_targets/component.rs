//! A component, or its text form.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| portcullis_replay::component(data));
