//! Laws of the decision, over policies and requests made up from few words, so that they meet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portcullis_policy::network::Origin;
use portcullis_policy::{Policy, Request};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::policy;

const HOSTS: [&str; 5] = ["a.x.example", "b.x.example", "*.x.example", "10.0.0.1", "[fd12::1]"];
const SEGMENTS: [&str; 9] = ["a", "b", "*", "a%2Fb", "", "a;b", "%C3%A4", "auth", "login"];
const KEYS: [&str; 3] = ["k", "l", "m"];
const HEADERS: [&str; 4] = ["accept", "x-a", "x-b", "authorization"];
const RANGES: [&str; 4] = ["10.0.0.0/8", "10.0.0.0/24", "192.168.0.0/16", "'fd00::/8'"];

fn rule() -> impl Strategy<Value = String> {
    (
        select(vec!["GET", "POST"]),
        prop::collection::vec(select(&SEGMENTS[..]), 0..3),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(method, segments, open, encoded)| {
            let plain = !segments.iter().any(|segment| matches!(*segment, "" | "a%2Fb" | "a;b"));
            let path: String = segments.iter().map(|segment| format!("/{segment}")).collect();
            let path = match (path.as_str(), open) {
                (_, true) => format!("{path}/**"),
                ("", false) => "/".to_owned(),
                (_, false) => path,
            };
            format!("{{ request: '{method} {path}', encoded: {} }}", encoded || !plain)
        })
}

/// One destination, so that no two can overlap.
fn network() -> impl Strategy<Value = String> {
    (
        select(vec!["https", "http"]),
        select(&HOSTS[..]),
        select(vec!["", ":8200"]),
        prop::collection::vec(rule(), 1..3),
        subsequence(&KEYS[..], 0..=3),
        subsequence(&HEADERS[..], 0..=4),
        subsequence(&RANGES[..], 0..=4),
    )
        .prop_map(|(scheme, host, port, rules, keys, headers, ranges)| {
            format!(
                "[{{ name: d, origin: '{scheme}://{host}{port}', allow: [{}], query: [{}], headers: [{}], private: [{}] }}]",
                rules.join(", "),
                keys.join(", "),
                headers.join(", "),
                ranges.join(", ")
            )
        })
}

fn request() -> impl Strategy<Value = (&'static str, String, Vec<&'static str>)> {
    (
        select(vec!["GET", "POST"]),
        select(vec!["https", "http"]),
        select(vec!["a.x.example", "c.x.example", "10.0.0.1", "[fd12::1]"]),
        select(vec!["", ":8200"]),
        prop::collection::vec(select(&SEGMENTS[..]), 0..3),
        subsequence(&KEYS[..], 0..=3),
        subsequence(&HEADERS[..], 0..=4),
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
        any::<u32>().prop_map(|bits| IpAddr::V6(Ipv4Addr::from_bits(bits).to_ipv6_mapped())),
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
        same in any::<bool>(),
        (method, url, headers) in request(),
        answers in prop::collection::vec(address(), 0..3),
    ) {
        let bound = if same { mine.clone() } else { bound };
        let both = policy(&mine, Some(&bound));
        let (mine, bound) = (policy(&mine, None), policy(&bound, None));
        let decide = |policy| crate::decide(policy, method, &url, &headers);
        let addresses = |policy| decide(policy).and_then(|request| request.destination().decide_addresses(&answers));
        if decide(&both).is_ok() {
            prop_assert!(decide(&mine).is_ok() && decide(&bound).is_ok(), "{} {}", method, url);
        }
        if addresses(&both).is_ok() {
            prop_assert!(addresses(&mine).is_ok() && addresses(&bound).is_ok(), "{:?}", answers);
        }
        // A ceiling that is the policy itself takes nothing away.
        if same {
            prop_assert_eq!(decide(&both).is_ok(), decide(&mine).is_ok());
            prop_assert_eq!(addresses(&both).is_ok(), addresses(&mine).is_ok());
        }
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
