//! Each bound: one below, one above, and the ways around it.

use super::*;

fn checked(text: &str) -> Result<(), String> {
    let component = wat::parse_str(text).unwrap();
    check(&component).map_err(|error| error.to_string())
}

/// `(component (core module ITEMS))`.
fn module(items: &str) -> String {
    format!("(component (core module {items}))")
}

fn nested(depth: usize) -> String {
    format!("{}{}", "(component ".repeat(depth), ")".repeat(depth))
}

#[test]
fn each_bound_holds_and_lets_its_last_pass() {
    let locals = |count: usize| format!("(func {})", "(local i32)".repeat(count));
    let many_locals = |functions: usize| module(&locals(50_000).repeat(functions));
    let long = |bytes: usize| module(&format!("(func {})", "nop ".repeat(bytes)));
    let loops = |depth: usize, before: &str| {
        let (open, close) = ("(loop ".repeat(depth), ")".repeat(depth));
        module(&format!("(func {before} {open}{close} {open}{close})"))
    };
    let rows = [
        (loops(100, ""), None),
        (loops(100, "(loop) (block (loop) (if (i32.const 0) (then (loop))))"), None),
        (loops(101, ""), Some("101 loops inside one another, more than the 100 that are compiled")),
        (module(&"(func)".repeat(200_000)), None),
        (module(&"(func)".repeat(200_001)), Some("200001 functions, more than the 200000 that are compiled")),
        // The end of the function and its empty list of locals are bytes, too.
        (long((1 << 20) - 2), None),
        (long((1 << 20) - 1), Some("1048577 bytes in one function, more than the 1048576 that are compiled")),
        (many_locals(80), None),
        (many_locals(81), Some("4050000 locals, more than the 4000000 that are compiled")),
        (module(&"(data \"\")".repeat(100_000)), None),
        (module(&"(data \"\")".repeat(100_001)), Some("100001 data segments, more than the 100000")),
        (nested(16), None),
        (nested(17), Some("17 layers of components, more than the 16")),
        (format!("(component {})", "(core module)".repeat(256)), None),
        (format!("(component {})", "(core module)".repeat(257)), Some("257 core modules, more than the 256")),
        (format!("(component {})", "(instance)".repeat(1_000)), None),
        (format!("(component {})", "(instance)".repeat(1_001)), Some("1001 instances, more than the 1000")),
    ];
    for (text, expected) in rows {
        let found = checked(&text);
        let start: String = text.chars().take(60).collect();
        match expected {
            None => assert_eq!(found, Ok(()), "{start}"),
            Some(said) => {
                assert!(found.as_ref().is_err_and(|error| error.contains(said)), "{start}: {found:?}");
            }
        }
    }
}

/// A chain of components, each of which instantiates the one before it `times` times.
fn chain(length: usize, times: usize) -> String {
    let mut text = "(component (component $c0 (core module $m) (core instance (instantiate $m)))".to_owned();
    for level in 1..=length {
        let below = level - 1;
        let instances = "(instance (instantiate $i))".repeat(times);
        text.push_str(&format!("(component $c{level} (alias outer 1 $c{below} (component $i)) {instances})"));
    }
    text.push_str(&format!("(instance (instantiate $c{length})))"));
    text
}

#[test]
fn instances_are_counted_as_often_as_they_are_made() {
    assert_eq!(checked(&chain(2, 10)), Ok(()));
    for (length, times) in [(3, 10), (60, 2), (100, 900)] {
        let error = checked(&chain(length, times)).unwrap_err();
        assert!(error.contains("instances, more than the 1000"), "{length}, {times}: {error}");
    }
    // By way of an export, which gives a component a second index.
    let exported = "(component (component $a (component $b) (export $c \"c\" (component $b)) (instance (instantiate $c))))";
    assert_eq!(checked(exported), Ok(()));
}

#[test]
fn a_component_from_elsewhere_is_not_instantiated() {
    for text in [
        "(component (component (import \"c\" (component $c)) (instance (instantiate $c))))",
        "(component (component $a (component $b) (export \"c\" (component $b)))
            (instance $i (instantiate $a)) (alias export $i \"c\" (component $c)) (instance (instantiate $c)))",
    ] {
        let error = checked(text).unwrap_err();
        assert!(error.contains("does not contain"), "{error}");
    }
}

#[test]
fn lowered_functions_count_like_instances() {
    let lower = "(core func (canon lower (func $f)))".repeat(300);
    let inner = format!("(component $c (import \"f\" (func $f)) {lower})");
    let text = |times: usize| {
        let instances = "(instance (instantiate $c (with \"f\" (func $f))))".repeat(times);
        format!("(component (import \"f\" (func $f)) {inner} {instances})")
    };
    assert_eq!(checked(&text(100)), Ok(()));
    let error = checked(&text(200)).unwrap_err();
    assert!(error.contains("lifted and lowered functions, more than the 50000"), "{error}");
}

#[test]
fn what_cannot_be_read_is_no_component() {
    let component = wat::parse_str("(component (core module (func (loop (nop)))))").unwrap();
    for length in 8..component.len() {
        let cut = &component[..length];
        // Between two sections a shorter component ends.
        let whole = wasmparser::Validator::new().validate_all(cut).is_ok();
        assert_eq!(check(cut).is_ok(), whole, "{length}");
    }
}
