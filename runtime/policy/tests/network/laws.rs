//! Laws of the decision, over policies and requests made up from few words, so that they meet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portcullis_policy::network::Origin;
use portcullis_policy::{Policy, Request};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::policy;

const HOSTS: [&str; 5] = ["a.x.example", "b.x.example", "*.x.example", "10.0.0.1", "[fd12::1]"];
const SEGMENTS: [&str; 5] = ["a", "b", "a%2Fb", "", "a;b"];
const KEYS: [&str; 2] = ["k", "l"];
const HEADERS: [&str; 2] = ["accept", "authorization"];
const RANGES: [&str; 4] = ["10.0.0.0/8", "10.0.0.0/24", "192.168.0.0/16", "'fd00::/8'"];

/// The first one nine times in ten.
fn mostly(often: &'static str, rarely: &'static str) -> impl Strategy<Value = &'static str> {
    prop_oneof![9 => Just(often), 1 => Just(rarely)]
}

fn rule() -> impl Strategy<Value = String> {
    let segments = prop::collection::vec(prop_oneof![Just("*"), select(&SEGMENTS[..])], 0..3);
    (mostly("GET", "POST"), segments, any::<bool>(), any::<bool>()).prop_map(
        |(method, segments, open, encoded)| {
            let plain = !segments.iter().any(|segment| matches!(*segment, "" | "a%2Fb" | "a;b"));
            let path: String = segments.iter().map(|segment| format!("/{segment}")).collect();
            let path = match (path.as_str(), open) {
                (_, true) => format!("{path}/**"),
                ("", false) => "/".to_owned(),
                (_, false) => path,
            };
            format!("{{ request: '{method} {path}', encoded: {} }}", encoded || !plain)
        },
    )
}

/// One destination, so that no two can overlap.
fn network() -> impl Strategy<Value = String> {
    (
        mostly("https", "http"),
        prop_oneof![2 => Just("*.x.example"), 1 => select(&HOSTS[..])],
        mostly("", ":8200"),
        prop::collection::vec(rule(), 1..4),
        subsequence(&KEYS[..], 1..=2),
        subsequence(&HEADERS[..], 1..=2),
    )
        .prop_map(|(scheme, host, port, rules, keys, headers)| {
            let [rules, keys, headers] = [rules.join(", "), keys.join(", "), headers.join(", ")];
            format!(
                "[{{ name: d, origin: '{scheme}://{host}{port}', allow: [{rules}], query: [{keys}], \
                 headers: [{headers}], private: [10.0.0.0/8, 'fd00::/8'] }}]"
            )
        })
}

pub(crate) fn request() -> impl Strategy<Value = (&'static str, String, Vec<&'static str>)> {
    (
        mostly("GET", "POST"),
        mostly("https", "http"),
        prop_oneof![2 => Just("a.x.example"), 1 => select(vec!["b.x.example", "10.0.0.1", "[fd12::1]"])],
        mostly("", ":8200"),
        prop::collection::vec(prop_oneof![Just("a"), select(&SEGMENTS[..])], 0..3),
        subsequence(&KEYS[..], 0..=1),
        subsequence(&HEADERS[..], 0..=1),
    )
        .prop_map(|(method, scheme, host, port, segments, keys, headers)| {
            let path = if segments.is_empty() { "/".into() } else { format!("/{}", segments.join("/")) };
            let query = if keys.is_empty() { String::new() } else { format!("?{}=1", keys.join("&")) };
            (method, format!("{scheme}://{host}{port}{path}{query}"), headers)
        })
}

fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
        (0_u32..1 << 16).prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 | bits))),
        (0_u32..1 << 16)
            .prop_map(|bits| IpAddr::V6(Ipv4Addr::from_bits(0x0a00_0000 | bits).to_ipv6_mapped())),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))),
        any::<u64>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits((0xfd12 << 112) | u128::from(bits)))),
    ]
}

/// Whether the policy allows it, and its answer in words.
fn answer(policy: &Policy, method: &str, url: &str, headers: &[&str]) -> (bool, String) {
    let decision = crate::decide(policy, method, url, headers);
    (decision.is_ok(), format!("{decision:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_a_narrowed_policy_allows_both_sides_allow(
        mine in network(),
        bound in network(),
        (method, url, headers) in request(),
    ) {
        let allows = |policy: &Policy| crate::decide(policy, method, &url, &headers).is_ok();
        let (alone, above) = (policy(&mine, None), policy(&bound, None));
        if allows(&policy(&mine, Some(&bound))) {
            prop_assert!(allows(&alone) && allows(&above));
        }
        // A ceiling that is the policy itself takes nothing away.
        prop_assert_eq!(allows(&policy(&mine, Some(&mine))), allows(&alone));
    }

    #[test]
    fn where_a_narrowed_policy_connects_both_sides_do(
        mine in subsequence(&RANGES[..], 0..=4),
        bound in subsequence(&RANGES[..], 0..=4),
        answers in prop::collection::vec(address(), 1..3),
    ) {
        let network = |ranges: &[&str]| {
            let ranges = ranges.join(", ");
            format!("[{{ name: d, origin: https://a.example, allow: [GET /], private: [{ranges}] }}]")
        };
        let connects = |policy: &Policy| {
            let request = crate::decide(policy, "GET", "https://a.example/", &[]).unwrap();
            request.destination().decide_addresses(&answers).is_ok()
        };
        let (alone, above) = (policy(&network(&mine), None), policy(&network(&bound), None));
        if connects(&policy(&network(&mine), Some(&network(&bound)))) {
            prop_assert!(connects(&alone) && connects(&above));
        }
        prop_assert_eq!(connects(&policy(&network(&mine), Some(&network(&mine)))), connects(&alone));
    }

    #[test]
    fn the_canonical_text_is_decided_as_the_first_one(mine in network(), (method, url, headers) in request()) {
        let policy = policy(&mine, None);
        let upper = url.replacen("http", "HTTP", 1).replacen(".x.example", ".X.Example", 1);
        let request = Request::parse(method, &upper, &headers).unwrap();
        let again = Request::parse(request.method(), request.url().as_str(), request.headers()).unwrap();
        prop_assert_eq!(&request, &again);
        prop_assert_eq!(answer(&policy, method, &upper, &headers), answer(&policy, method, &url, &headers));
        if let Ok(authorized) = policy.decide_request(&request) {
            let sent: Vec<&String> = authorized.headers().iter().collect();
            let second = Request::parse(authorized.method(), authorized.url().as_str(), &sent).unwrap();
            prop_assert!(policy.decide_request(&second).is_ok());
        }
    }

    #[test]
    fn what_is_sent_goes_to_the_origin_that_was_decided_on(mine in network(), (method, url, headers) in request()) {
        if let Ok(authorized) = crate::decide(&policy(&mine, None), method, &url, &headers) {
            let origin = authorized.destination().origin();
            prop_assert_eq!(authorized.url().origin().ascii_serialization(), origin.to_string());
            let granted: Origin = mine.split('\'').nth(1).unwrap().parse().unwrap();
            prop_assert!(granted.covers(origin));
            prop_assert!(url.to_lowercase().starts_with(&origin.to_string()));
        }
    }

    #[test]
    fn any_text_is_refused_or_its_own_canonical_form(
        start in select(vec!["", "https://", "https://a.example", "https://a.example/", "https://a.example/?"]),
        text in "[a-zA-Z0-9./:@%?#&=;\\[\\]\\\\~*_ \t\u{ff0e}\u{e4}-]{0,24}",
    ) {
        let url = format!("{start}{text}");
        if let Ok(request) = Request::parse("GET", &url, [""; 0]) {
            prop_assert!(request.url().as_str().eq_ignore_ascii_case(&url));
            let rest = url.splitn(4, '/').nth(3).unwrap();
            prop_assert!(request.url().as_str().ends_with(rest), "{}", url);
        }
    }

    #[test]
    fn every_address_is_its_own_origin_or_refused(bits: u128, run in 0_u32..128) {
        // Runs of zeros are what the shortest form is about.
        let address = Ipv6Addr::from_bits(bits & u128::MAX.rotate_left(run).wrapping_shr(run / 2));
        let url = format!("https://[{address}]/");
        if address.to_ipv4_mapped().is_none() {
            let request = Request::parse("GET", &url, [""; 0]);
            prop_assert!(request.is_ok(), "{}: {:?}", url, request);
        }
    }
}
