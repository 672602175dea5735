//! Names lead down, or are none.

use std::path::{Component, Path};

use portcullis_agent::render::RelativeName;
use proptest::prelude::*;

#[test]
fn names_that_are_none() {
    let long = "x".repeat(245);
    let longer = vec!["x".repeat(200); 6].join("/");
    for (name, problem) in [
        ("", "a piece of it is empty"),
        ("/etc/passwd", "it begins at the root"),
        ("a//b", "a piece of it is empty"),
        ("a/", "a piece of it is empty"),
        (".", "'.' and '..' are not names"),
        ("..", "'.' and '..' are not names"),
        ("a/../../b", "'.' and '..' are not names"),
        ("a/./b", "'.' and '..' are not names"),
        ("a\nb", "it has a control character"),
        ("a\0b", "it has a control character"),
        ("files.portcullis", "names that end in '.portcullis' are for our own lists"),
        ("a.portcullis/b", "names that end in '.portcullis' are for our own lists"),
        (&long, "a piece of it is longer than 244 bytes"),
        (&longer, "it is longer than 1024 bytes"),
    ] {
        let error = RelativeName::new(name).unwrap_err();
        assert_eq!(error.problem, problem, "{name:?}");
        assert!(error.to_string().contains("cannot name a resolved file"), "{error}");
    }
}

#[test]
fn names_that_are_some() {
    for name in ["a", "conf.d/redisdb.d/conf.yaml", "..a", "a..b/...", "ü \\ '\"", &"x".repeat(244)] {
        assert_eq!(RelativeName::new(name).unwrap().as_str(), name);
    }
}

proptest! {
    #[test]
    fn whatever_is_a_name_stays_below_its_folder(name in "[a./\\\\\u{0}\n]{0,12}") {
        if let Ok(name) = RelativeName::new(&name) {
            let path = Path::new("root").join(name.as_str());
            let pieces: Vec<_> = path.components().collect();
            prop_assert!(pieces.len() >= 2);
            prop_assert!(pieces.iter().all(|piece| matches!(piece, Component::Normal(_))));
            prop_assert_eq!(pieces.first(), Some(&Component::Normal("root".as_ref())));
        }
    }
}
