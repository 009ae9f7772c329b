#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| nixvirt_fuzz::scalars(input));
