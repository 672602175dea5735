//! Which handle goes where.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use portcullis_policy::{ProviderName, Route, RouteError, Routes, RoutesError};
use proptest::prelude::*;

fn name(text: &str) -> ProviderName {
    ProviderName::new(text).unwrap()
}

fn route(prefix: &str, to: &str, strip: bool) -> Route {
    Route { prefix: prefix.into(), to: name(to), strip, line: None }
}

fn shown(routes: &Routes, handle: &str) -> String {
    match routes.route(handle) {
        Ok(routed) => format!("{} {:?} {:?}", routed.provider, routed.prefix, routed.stripped),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_longest_prefix_takes_the_handle() {
    let routes = vec![route("v", "a", true), route("vault:", "b", true), route("vault:raw/", "c", false)];
    let routes = Routes::compile(routes, &[name("a"), name("b"), name("c")]).unwrap();
    let table = [
        ("vault:x", r#"b "vault:" "x""#),
        ("vault:raw/x", r#"c "" "vault:raw/x""#),
        ("vx", r#"a "v" "x""#),
        ("v", r#"a "v" """#),
        ("V", "unknown backend"),
        ("", "unknown backend"),
    ];
    for (handle, expected) in table {
        assert_eq!(shown(&routes, handle), expected, "{handle}");
    }
}

#[test]
fn a_single_provider_without_routes_takes_every_handle() {
    let routes = Routes::compile(vec![], &[name("only")]).unwrap();
    assert_eq!(shown(&routes, "a;b"), r#"only "" "a;b""#);
    assert_eq!(shown(&routes, ""), r#"only "" """#);
    let none = Routes::compile(vec![], &[]).unwrap();
    assert_eq!(none.route("a"), Err(RouteError::UnknownBackend));
}

#[test]
fn routes_that_cannot_be_meant_are_refused() {
    let twice =
        Routes::compile(vec![route("x", "a", true), route("x", "a", false)], &[name("a")]).unwrap_err();
    assert!(matches!(twice, RoutesError::Duplicate { route: 1, .. }));
    let nowhere = Routes::compile(vec![route("x", "b", true)], &[name("a")]).unwrap_err();
    assert!(matches!(nowhere, RoutesError::Undeclared { route: 0, .. }));
    let missing = Routes::compile(vec![], &[name("a"), name("b")]).unwrap_err();
    assert!(matches!(missing, RoutesError::Missing { providers: 2 }));
}

#[test]
fn several_backends_split_at_the_first_semicolon() {
    let routes = Routes::multi([("Prod".to_owned(), name("p")), ("dev".to_owned(), name("d"))]);
    let table = [
        ("prod;a;b", r#"p "prod;" "a;b""#),
        ("PROD;a", r#"p "PROD;" "a""#),
        ("dev;", r#"d "dev;" """#),
        ("prod", "unknown backend"),
        ("", "unknown backend"),
        ("Stage;a", r#"unknown backend "Stage""#),
        (";a", r#"unknown backend """#),
        (" prod;a", r#"unknown backend " prod""#),
    ];
    for (handle, expected) in table {
        assert_eq!(shown(&routes, handle), expected, "{handle}");
    }
}

proptest! {
    #[test]
    fn what_is_routed_is_the_handle_again(
        prefixes in prop::collection::btree_set("[ab:]{0,3}", 0..5),
        handle in "[ab:;é]{0,6}",
        strip: bool,
    ) {
        let list = prefixes.iter().map(|prefix| route(prefix, "p", strip)).collect();
        let routes = Routes::compile(list, &[name("p"), name("q")]);
        prop_assume!(!prefixes.is_empty());
        let routes = routes.unwrap();
        let longest = prefixes.iter().filter(|prefix| handle.starts_with(prefix.as_str())).map(String::len).max();
        match routes.route(&handle) {
            Ok(routed) => {
                prop_assert_eq!(format!("{}{}", routed.prefix, routed.stripped), handle.clone());
                prop_assert_eq!(routed.prefix.len(), if strip { longest.unwrap() } else { 0 });
            }
            Err(error) => prop_assert!(longest.is_none() && error == RouteError::UnknownBackend),
        }
    }

    #[test]
    fn several_backends_keep_every_byte(handle in ".{0,20}") {
        let routes = Routes::multi([("a".to_owned(), name("a"))]);
        if let Ok(routed) = routes.route(&handle) {
            prop_assert_eq!(format!("{}{}", routed.prefix, routed.stripped), handle.clone());
        }
    }
}
