//! Paths, printed values and operating system errors as Go has them.

use portcullis_compat::go::{OsError, PathError, clean, is_abs, join, lossy, print_value, type_name};
use portcullis_compat::json::parse;
use proptest::prelude::*;

#[test]
fn paths_are_cleaned() {
    let rows = [
        ("", "."),
        (".", "."),
        ("/", "/"),
        ("//", "/"),
        ("/..", "/"),
        ("/../../a", "/a"),
        ("a/..", "."),
        ("a/../..", ".."),
        ("../../a", "../../a"),
        ("./a/./b/", "a/b"),
        ("/a//b/../c/.", "/a/c"),
        ("/a/b/../../..", "/"),
        ("...", "..."),
        ("a/...b/..", "a"),
        ("a\\b", "a\\b"),
        ("/run/secrets/", "/run/secrets"),
    ];
    for (path, expected) in rows {
        assert_eq!(clean(path), expected, "{path:?}");
    }
}

#[test]
fn paths_are_joined() {
    let rows: &[(&[&str], &str)] = &[
        (&[], ""),
        (&["", ""], ""),
        (&["", "a"], "a"),
        (&["/base", ""], "/base"),
        (&["/base", "sub/../s"], "/base/s"),
        (&["/base", "../out"], "/out"),
        (&["/base", "/abs"], "/base/abs"),
        (&["base", "../../x"], "../x"),
    ];
    for (parts, expected) in rows {
        assert_eq!(join(parts), *expected, "{parts:?}");
    }
}

#[test]
fn values_print_as_in_go() {
    let rows = [
        ("42", "float64", "42"),
        ("-0", "float64", "-0"),
        ("1.50", "float64", "1.5"),
        ("100000", "float64", "100000"),
        ("1000000", "float64", "1e+06"),
        ("123456789", "float64", "1.23456789e+08"),
        ("0.0001", "float64", "0.0001"),
        ("0.00001", "float64", "1e-05"),
        ("1.5e-7", "float64", "1.5e-07"),
        ("1e300", "float64", "1e+300"),
        ("true", "bool", "true"),
        ("\"x y\"", "string", "x y"),
        ("null", "<nil>", "<nil>"),
        ("[]", "[]interface {}", "[]"),
        ("[\"a\",1,null,[true]]", "[]interface {}", "[a 1 <nil> [true]]"),
        ("{}", "map[string]interface {}", "map[]"),
        ("{\"b\":1,\"a\":{\"c\":\"d\"},\"b\":2}", "map[string]interface {}", "map[a:map[c:d] b:2]"),
    ];
    for (text, go_type, printed) in rows {
        let value = parse(text.as_bytes()).unwrap();
        assert_eq!((type_name(&value), print_value(&value).as_str()), (go_type, printed), "{text}");
    }
}

#[test]
fn os_errors_read_as_in_go() {
    let rows = [
        ("open", "P", OsError::NotFound, "open P: no such file or directory"),
        ("open", "", OsError::NotFound, "open : no such file or directory"),
        ("read", "P", OsError::IsDirectory, "read P: is a directory"),
        ("stat", "P/x", OsError::NotDirectory, "stat P/x: not a directory"),
        ("stat", "a\0b", OsError::InvalidArgument, "stat a\0b: invalid argument"),
        ("open", "P", OsError::PermissionDenied, "open P: permission denied"),
        ("stat", "P", OsError::TooManyLinks, "stat P: too many levels of symbolic links"),
    ];
    for (operation, path, cause, expected) in rows {
        let error = PathError::new(operation, path, cause);
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.cause(), cause);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cleaning_is_final_and_lean(path in "[/.a\\\\é]{0,24}") {
        let cleaned = clean(&path);
        prop_assert_eq!(&clean(&cleaned), &cleaned);
        prop_assert_eq!(is_abs(&cleaned), is_abs(&path));
        prop_assert!(cleaned == "/" || !cleaned.ends_with('/'));
        prop_assert!(!cleaned.contains("//"));
        let climbs_late = cleaned.split('/').skip_while(|part| *part == "..").any(|part| part == "..");
        prop_assert!(!climbs_late, "{} -> {}", path, cleaned);
        prop_assert!(!(is_abs(&cleaned) && cleaned.split('/').any(|part| part == "..")));
    }

    #[test]
    fn joining_is_cleaning(base in "[/.a]{1,12}", below in "[/.a]{1,12}") {
        prop_assert_eq!(join(&[&base, &below]), clean(&format!("{base}/{below}")));
    }

    #[test]
    fn text_stays_text(text in any::<String>()) {
        prop_assert_eq!(lossy(text.as_bytes()), text);
    }
}
