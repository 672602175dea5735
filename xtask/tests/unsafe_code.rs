//! Where `unsafe` is, and that every crate says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use support::{packages, root, sources, tokens};

/// The one file with `unsafe`: loading compiled code.
const HOME: &str = "runtime/sandbox/src/component/load.rs";

#[test]
fn unsafe_is_in_one_file() {
    let found: Vec<PathBuf> = sources(root())
        .into_iter()
        .filter(|path| has_unsafe(tokens(path)))
        .map(|path| relative(&path))
        .collect();
    assert_eq!(found, [PathBuf::from(HOME)]);
}

#[test]
fn every_crate_root_forbids_unsafe() {
    for path in packages().into_iter().flat_map(|package| package.roots) {
        let place = relative(&path);
        let expected = match place.to_str().unwrap() {
            // Its one module relaxes the lint, which `forbid` does not let it do.
            "runtime/sandbox/src/lib.rs" => Some("#![deny(unsafe_code)]"),
            // The generated bindings are unsafe; the workspace's lints deny it in all else.
            "guest-providers/sdk/src/lib.rs" | "tests/guests/shared/lib.rs" => None,
            // One macro call, which expands to generated bindings.
            guest if guest.starts_with("guest-providers/") && guest.contains("/src/bin/") => None,
            guest if guest.starts_with("tests/guests/") => None,
            _ => Some("#![forbid(unsafe_code)]"),
        };
        if let Some(attribute) = expected {
            let wanted = attribute.parse::<TokenStream>().unwrap().to_string();
            assert!(tokens(&path).to_string().contains(&wanted), "{} lacks {attribute}", place.display());
        }
    }
}

/// Keywords only: comments are no tokens, and text is one.
#[test]
fn a_keyword_is_told_from_text() {
    let rows = [
        ("fn f() { unsafe { g() } }", true),
        ("#[unsafe(no_mangle)] fn f() {}", true),
        ("m!([unsafe])", true),
        ("// unsafe\n/* unsafe */ /// unsafe\nfn f() { g(\"unsafe\", r#\"unsafe\"#) }", false),
        ("#![forbid(unsafe_code)]", false),
    ];
    for (source, expected) in rows {
        assert_eq!(has_unsafe(source.parse().unwrap()), expected, "{source}");
    }
}

fn has_unsafe(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => has_unsafe(group.stream()),
        TokenTree::Ident(word) => word == "unsafe",
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn relative(path: &Path) -> PathBuf {
    path.strip_prefix(root()).unwrap().to_owned()
}
