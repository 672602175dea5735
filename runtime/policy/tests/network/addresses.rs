//! Which answers of a resolver a request may be sent to.

use std::net::IpAddr;

use portcullis_policy::{AuthorizedAddresses, Denial, Reason};

use crate::{decide, policy};
use Reason::{NetAddrMixed, NetAddrPrivate, NetAddrSpecial};

fn answer(host: &str, private: &str, answers: &[&str]) -> Result<AuthorizedAddresses, Denial> {
    let network =
        format!("[{{ name: d, origin: 'https://{host}:8200', private: [{private}], allow: [GET /] }}]");
    let request = decide(&policy(&network, None), "GET", &format!("https://{host}:8200/"), &[]).unwrap();
    let answers: Vec<IpAddr> = answers.iter().map(|text| text.parse().unwrap()).collect();
    request.destination().decide_addresses(&answers)
}

fn reason(host: &str, private: &str, answers: &[&str]) -> Option<Reason> {
    answer(host, private, answers).err().map(|denial| denial.reason())
}

/// The last address before a range and the first behind it, and the first and last in it, with the reason in it.
const RANGES: &[(&str, &str, &str, &str, Reason)] = &[
    ("", "0.0.0.0", "0.255.255.255", "1.0.0.0", NetAddrSpecial),
    ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0", NetAddrPrivate),
    ("100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0", NetAddrPrivate),
    ("126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0", NetAddrSpecial),
    ("168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17", NetAddrSpecial),
    ("169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0", NetAddrSpecial),
    ("172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0", NetAddrPrivate),
    ("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0", NetAddrSpecial),
    ("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", NetAddrSpecial),
    ("192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0", NetAddrSpecial),
    ("192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0", NetAddrPrivate),
    ("198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0", NetAddrSpecial),
    ("198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0", NetAddrSpecial),
    ("203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0", NetAddrSpecial),
    ("223.255.255.255", "224.0.0.0", "239.255.255.255", "", NetAddrSpecial),
    ("", "240.0.0.0", "255.255.255.255", "", NetAddrSpecial),
    // Of IPv6 only 2000::/3 is assigned; what is before and behind it is refused as well.
    ("", "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::", NetAddrSpecial),
    (
        "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001::",
        "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:200::",
        NetAddrSpecial,
    ),
    (
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db9::",
        NetAddrSpecial,
    ),
    (
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002::",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2003::",
        NetAddrSpecial,
    ),
    (
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff::",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff:1000::",
        NetAddrSpecial,
    ),
    (
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "4000::",
        "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "",
        NetAddrSpecial,
    ),
    ("", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", NetAddrPrivate),
    ("", "fe00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", NetAddrSpecial),
    // What the registry takes out of 2001::/23.
    ("2001:1::1", "2001:1::3", "2001:1:ffff:ffff:ffff:ffff:ffff:ffff", "2001:3::", NetAddrSpecial),
    (
        "2001:1::2",
        "2001:2::",
        "2001:2:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:3:ffff:ffff:ffff:ffff:ffff:ffff",
        NetAddrSpecial,
    ),
    ("2001:4:112::", "2001:4:113::", "2001:4:113::", "2001:4:112:ffff:ffff:ffff:ffff:ffff", NetAddrSpecial),
    // IPv4 inside IPv6: the same host, or a translator's.
    ("::ffff:9.255.255.255", "::ffff:10.0.0.0", "::ffff:10.255.255.255", "::ffff:11.0.0.0", NetAddrPrivate),
    (
        "::ffff:126.255.255.255",
        "::ffff:127.0.0.1",
        "::ffff:127.255.255.255",
        "::ffff:128.0.0.0",
        NetAddrSpecial,
    ),
    (
        "::ffff:169.253.255.255",
        "::ffff:169.254.0.0",
        "::ffff:169.254.255.255",
        "::ffff:169.255.0.0",
        NetAddrSpecial,
    ),
    (
        "64:ff9b::9.255.255.255",
        "64:ff9b::10.0.0.0",
        "64:ff9b::10.255.255.255",
        "64:ff9b::11.0.0.0",
        NetAddrSpecial,
    ),
    (
        "64:ff9b::169.253.0.0",
        "64:ff9b::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b::8.8.8.8",
        NetAddrSpecial,
    ),
];

#[test]
fn every_range_is_judged_from_its_first_to_its_last_address() {
    for (before, first, last, behind, expected) in RANGES {
        for inside in [first, last] {
            assert_eq!(reason("a.example", "", &[inside]), Some(*expected), "{inside}");
        }
        for outside in [before, behind].into_iter().filter(|text| !text.is_empty()) {
            assert_eq!(reason("a.example", "", &[outside]), None, "{outside}");
        }
    }
}

/// All that a policy can open.
const ALL: &str =
    "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 'fc00::/7', 127.0.0.0/8, '::1/128'";

#[test]
fn no_grant_opens_metadata_or_what_stands_for_it() {
    let never = [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "::ffff:169.254.169.254",
        "::ffff:100.100.100.200",
        "::169.254.169.254",
        "::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::a00:1",
        "64:ff9b:1::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "2002:a9fe:a9fe::1",
        "2002:a00:1::1",
        "2002:808:808::1",
        "2001:0:808:808::5601:5601",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "0.0.0.0",
        "::",
        "255.255.255.255",
        "224.0.0.1",
    ];
    for address in never {
        let denial = answer("a.example", ALL, &[address]).unwrap_err();
        assert_eq!(denial.reason(), NetAddrSpecial, "{address}");
        // One of them is enough, wherever it stands.
        assert_eq!(reason("a.example", ALL, &["8.8.8.8", address]), Some(NetAddrSpecial), "{address}");
    }
}

#[test]
fn private_ranges_are_open_where_they_are_listed() {
    let table: [(&str, &[&str], Option<Reason>); 12] = [
        ("10.20.0.0/16", &["10.20.255.255"], None),
        ("10.20.0.0/16", &["10.21.0.0"], Some(NetAddrPrivate)),
        ("10.20.0.0/16", &["10.20.0.1", "10.21.0.1"], Some(NetAddrPrivate)),
        ("10.20.0.0/16", &["::ffff:10.20.0.1"], None),
        ("10.20.0.0/16", &["10.20.0.1", "::ffff:10.20.0.1"], None),
        ("10.20.0.0/16, 'fd12::/16'", &["10.20.0.1", "fd12::1"], None),
        ("'fd12::/16'", &["fd13::1"], Some(NetAddrPrivate)),
        ("100.64.0.0/10", &["100.64.0.1"], None),
        ("127.0.0.0/8", &["127.0.0.1"], None),
        ("127.0.0.0/8", &["::1"], Some(NetAddrSpecial)),
        ("10.20.0.0/16", &["8.8.8.8"], None),
        ("", &[], None),
    ];
    for (private, answers, expected) in table {
        assert_eq!(reason("a.example", private, answers), expected, "{private}: {answers:?}");
    }
}

#[test]
fn a_mixed_answer_is_refused_whole() {
    let table: [&[&str]; 5] = [
        &["8.8.8.8", "10.0.0.1"],
        &["10.0.0.1", "8.8.8.8"],
        &["2606:4700::1111", "fd12::1"],
        &["127.0.0.1", "10.0.0.1"],
        &["1.1.1.1", "8.8.8.8", "::ffff:10.0.0.1"],
    ];
    for answers in table {
        assert_eq!(reason("a.example", ALL, answers), Some(NetAddrMixed), "{answers:?}");
    }
    assert_eq!(reason("a.example", "", &["8.8.8.8", "10.0.0.1"]), Some(NetAddrPrivate));
}

#[test]
fn this_machine_is_reached_by_its_name_alone() {
    let table: [(&str, &[&str], Option<Reason>); 7] = [
        ("localhost", &["127.0.0.1", "::1"], None),
        ("vault.localhost", &["127.8.9.1"], None),
        ("localhost", &["::ffff:127.0.0.1"], None),
        ("localhost", &["8.8.8.8"], Some(NetAddrSpecial)),
        ("localhost", &["127.0.0.1", "10.0.0.1"], Some(NetAddrSpecial)),
        ("localhost.example", &["127.0.0.1"], Some(NetAddrSpecial)),
        ("a.example", &["::1"], Some(NetAddrSpecial)),
    ];
    for (host, answers, expected) in table {
        assert_eq!(reason(host, "", answers), expected, "{host}: {answers:?}");
    }
}

#[test]
fn what_is_authorised_is_the_answer_in_its_order_with_the_port() {
    let addresses = answer("a.example", "", &["9.9.9.9", "2606:4700::1111", "1.1.1.1"]).unwrap();
    let shown: Vec<String> = addresses.as_slice().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["9.9.9.9:8200", "[2606:4700::1111]:8200", "1.1.1.1:8200"]);
}

#[test]
fn a_message_names_the_address_its_range_and_the_remedy() {
    let table = [
        (
            "10.1.2.3",
            "https://a.example:8200 is at 10.1.2.3 (private, RFC 1918): if that is right, add `10.1.2.3/32` to `private` of d",
        ),
        ("::ffff:10.1.2.3", "add `10.1.2.3/32` to `private` of d"),
        (
            "169.254.169.254",
            "is at 169.254.169.254 (link-local and metadata, RFC 3927; AWS, Azure, Google Cloud): no request goes there",
        ),
        ("127.0.0.1", "(loopback, RFC 1122): only an origin that names this machine leads there"),
    ];
    for (address, part) in table {
        let denial = answer("a.example", "", &[address]).unwrap_err();
        assert!(denial.message().contains(part), "{denial}");
    }
}

/// Prefixes of the operator's own network, an answer, and what it is refused for where 10.0.0.0/8 is open.
#[test]
fn what_is_behind_a_translator_is_what_counts() {
    let rows: &[(&str, &str, Option<Reason>)] = &[
        ("", "64:ff9b::8.8.8.8", None),
        ("", "64:ff9b::10.0.0.1", Some(NetAddrSpecial)),
        ("", "64:ff9b:1::8.8.8.8", Some(NetAddrSpecial)),
        ("'64:ff9b:1::/96'", "64:ff9b:1::8.8.8.8", None),
        ("'64:ff9b:1::/96'", "64:ff9b:1::10.0.0.1", None),
        ("'64:ff9b:1::/96'", "64:ff9b:1::192.168.0.1", Some(NetAddrPrivate)),
        ("'64:ff9b:1::/96'", "64:ff9b:1::127.0.0.1", Some(NetAddrSpecial)),
        ("'64:ff9b:1::/96'", "64:ff9b:1::169.254.169.254", Some(NetAddrSpecial)),
        // A public address, were it not for the translator.
        ("", "2a00:1::192.168.0.1", None),
        ("'2a00:1::/96'", "2a00:1::192.168.0.1", Some(NetAddrPrivate)),
        ("'2a00:1::/96'", "2a00:2::192.168.0.1", None),
    ];
    for (prefixes, address, expected) in rows {
        let destination = |nat64: &str| {
            format!(
                "[{{ name: d, origin: 'https://a.example', private: [10.0.0.0/8], nat64: [{nat64}], allow: [GET /] }}]"
            )
        };
        let found = |policy| {
            let request = decide(&policy, "GET", "https://a.example/", &[]).unwrap();
            request.destination().decide_addresses(&[address.parse().unwrap()]).err().map(|it| it.reason())
        };
        let alone = found(policy(&destination(prefixes), None));
        assert_eq!(alone, *expected, "[{prefixes}] {address}");
        // A ceiling that knows no prefix refuses what it cannot read, and one that does what is behind it.
        for (mine, ceiling) in [(*prefixes, ""), ("", *prefixes)] {
            let both = found(policy(&destination(mine), Some(&destination(ceiling))));
            let without = found(policy(&destination(""), None));
            assert_eq!(both.is_none(), alone.is_none() && without.is_none(), "[{prefixes}] {address}");
        }
    }
}
