//! Tells the crate which target it is built for: artefacts are compiled for that target's baseline.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=PORTCULLIS_TARGET={}", std::env::var("TARGET").unwrap_or_default());
}
