//! Limits: their text forms, their defaults, and what bounds them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use portcullis_policy::quantity::Quantity;
use portcullis_policy::{
    Bytes, Ceiling, Grants, LimitOrigin, LimitOverrides, Limits, Policy, PolicyError, Profile, ProviderName,
};
use proptest::prelude::*;

fn effective(
    profile: Profile,
    limits: LimitOverrides,
    ceiling: Option<&Ceiling>,
) -> Result<Limits, PolicyError> {
    let name = ProviderName::new("p").unwrap();
    let grants = Grants { limits, ..Grants::default() };
    Ok(Policy::compile(name, profile, grants, ceiling)?.limits().clone())
}

fn overrides(pairs: &[(&str, &str)]) -> LimitOverrides {
    let mut limits = LimitOverrides::default();
    for (key, text) in pairs {
        limits.set(key, text, LimitOrigin::File).unwrap();
    }
    limits
}

#[test]
fn defaults_are_the_documented_ones() {
    let table = [
        ("wall", "10s", "30s"),
        ("cpu", "1s", "10s"),
        ("memory", "64MiB", "128MiB"),
        ("value", "1MiB", "10MiB"),
        ("batch", "8MiB", "16MiB"),
        ("host_copy", "8MiB", "16MiB"),
        ("instances", "64", "64"),
        ("handles", "512", "512"),
        ("requests", "300", "0"),
        ("log_lines", "200", "200"),
        ("log_line", "1KiB", "1KiB"),
        ("entries", "4096", "4096"),
        ("open_files", "16", "16"),
        ("file_bytes", "16MiB", "16MiB"),
    ];
    let rows =
        |profile| effective(profile, LimitOverrides::default(), None).unwrap().rows().collect::<Vec<_>>();
    for (row, (key, custom, _)) in rows(Profile::Custom).iter().zip(table) {
        assert_eq!((row.key, row.value.as_str(), row.origin), (key, custom, LimitOrigin::Default));
        assert!(!row.reason.is_empty());
    }
    for (row, (key, _, builtin)) in rows(Profile::BuiltinFile).iter().zip(table) {
        assert_eq!((row.key, row.value.as_str(), row.origin), (key, builtin, LimitOrigin::Default));
    }
    assert_eq!(LimitOverrides::KEYS, table.map(|(key, _, _)| key));
}

#[test]
fn a_full_batch_can_always_be_returned() {
    let limits = effective(Profile::Custom, overrides(&[("batch", "32MiB")]), None).unwrap();
    assert_eq!(limits.host_copy.value(), Bytes::mib(32));
    assert_eq!(limits.host_copy.origin(), LimitOrigin::Follows("batch"));
    let error = effective(Profile::Custom, overrides(&[("host_copy", "1MiB")]), None).unwrap_err();
    assert!(error.to_string().contains("limits.host_copy is 1MiB and limits.batch is 8MiB"), "{error}");
    let ceiling = Ceiling::parse("c.yaml", "limits: { host_copy: 2MiB }").unwrap();
    let limits = effective(Profile::Custom, LimitOverrides::default(), Some(&ceiling)).unwrap();
    assert_eq!((limits.batch.value(), limits.batch.origin()), (Bytes::mib(2), LimitOrigin::Ceiling));
}

#[test]
fn a_larger_file_cap_brings_the_room_that_it_needs() {
    let mut limits = LimitOverrides::default();
    limits.set_file_bytes(Bytes::mib(40), LimitOrigin::Setting("max_file_read_size"));
    let limits = effective(Profile::BuiltinFile, limits, None).unwrap();
    let follows = LimitOrigin::Follows("file_bytes");
    assert_eq!((limits.memory.value(), limits.memory.origin()), (Bytes::mib(320), follows));
    assert_eq!((limits.value.value(), limits.value.origin()), (Bytes::mib(40), follows));
    assert_eq!((limits.batch.value(), limits.batch.origin()), (Bytes::mib(40), follows));
    assert_eq!(limits.host_copy.value(), Bytes::mib(40));
    assert_eq!(limits.file_bytes.origin(), LimitOrigin::Setting("max_file_read_size"));
    let mut small = LimitOverrides::default();
    small.set_file_bytes(Bytes::kib(1), LimitOrigin::File);
    assert_eq!(effective(Profile::BuiltinFile, small, None).unwrap().memory.value(), Bytes::mib(128));
}

#[test]
fn a_file_cap_that_no_memory_holds_is_bounded_by_what_a_component_can_address() {
    let mut limits = LimitOverrides::default();
    limits.set_file_bytes(Bytes::new(u64::MAX), LimitOrigin::Setting("max_file_read_size"));
    let limits = effective(Profile::BuiltinFile, limits, None).unwrap();
    assert_eq!(limits.memory.value(), Bytes::mib(4096));
    assert_eq!(limits.file_bytes.value(), Bytes::mib(4096));
    assert!(limits.host_copy.value() >= limits.batch.value());
}

#[test]
fn other_spellings_of_quantities_are_refused() {
    for text in [
        "",
        "8",
        "s",
        "08s",
        "-8s",
        "+8s",
        "8 s",
        "8.5s",
        "8S",
        "1e3s",
        "8sec",
        "99999999999999999999s",
        "18446744073709551615h",
    ] {
        assert!(Duration::from_text(text).is_err(), "{text}");
    }
    for text in ["", "8", "8MB", "8mib", "8 MiB", "8M", "0x8B", "18446744073709551615GiB"] {
        assert!(Bytes::from_text(text).is_err(), "{text}");
    }
    for text in ["", "1.0", "-1", "+1", "01", "1s", "4294967296", "1_000"] {
        assert!(u32::from_text(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn quantities_read_back_what_they_show(number: u64, millis in 0..u64::MAX / 4_000_000, count: u32) {
        prop_assert_eq!(Bytes::from_text(&Bytes::new(number).to_text()), Ok(Bytes::new(number)));
        let time = Duration::from_millis(millis);
        prop_assert_eq!(Duration::from_text(&time.to_text()), Ok(time));
        prop_assert_eq!(u32::from_text(&count.to_text()), Ok(count));
    }

    #[test]
    fn quantities_never_panic(text in ".{0,40}") {
        let _ = (Bytes::from_text(&text), Duration::from_text(&text), u32::from_text(&text));
    }

    #[test]
    fn the_ceiling_is_a_minimum(provider in 1_u32..3_600_000, ceiling in 1_u32..3_600_000) {
        let bound = Ceiling::parse("c.yaml", &format!("limits: {{ wall: {ceiling}ms, requests: {} }}", ceiling % 1000)).unwrap();
        let own = overrides(&[("wall", &format!("{provider}ms")), ("requests", &(provider % 1000).to_string())]);
        let limits = effective(Profile::Custom, own, Some(&bound)).unwrap();
        prop_assert_eq!(limits.wall.value(), Duration::from_millis(provider.min(ceiling).into()));
        prop_assert_eq!(limits.requests.value(), (provider % 1000).min(ceiling % 1000));
        let expected = if ceiling < provider { LimitOrigin::Ceiling } else { LimitOrigin::File };
        prop_assert_eq!(limits.wall.origin(), expected);
    }
}
