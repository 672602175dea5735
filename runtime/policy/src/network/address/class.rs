//! What an address is for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::nat64::Nat64Prefix;
use super::table::{MAPPED, NAT64, Range, V4, V6};

/// Who could answer at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Anybody's host.
    Public,
    /// A host of the operator's own networks, which `private` opens.
    Private,
    /// This machine, which an origin that names it opens.
    Loopback,
    /// Nobody that a request should reach. Nothing opens it.
    Special,
}

/// An address with its class.
pub(super) struct Classified {
    pub(super) class: Class,
    /// What its range is, in words.
    pub(super) what: &'static str,
    /// Who says so.
    pub(super) source: &'static str,
    /// The address that is really meant: where an IPv6 address stands for an IPv4 host, that.
    pub(super) meant: IpAddr,
}

/// With prefixes of the operator's own, which stand before the tables: what is behind them is what counts.
pub(super) fn classify_behind(address: IpAddr, nat64: &[Nat64Prefix]) -> Classified {
    let IpAddr::V6(v6) = address else { return classify(address) };
    let Some(behind) = nat64.iter().find_map(|prefix| prefix.decode(v6)) else { return classify(address) };
    let found = of_v4(behind);
    // No translator leads to this machine.
    let class = if found.class == Class::Loopback { Class::Special } else { found.class };
    Classified { class, ..found }
}

pub(super) fn classify(address: IpAddr) -> Classified {
    match address {
        IpAddr::V4(v4) => of_v4(v4),
        IpAddr::V6(v6) if MAPPED.contains(&address) => of_v4(low(v6)),
        IpAddr::V6(v6) if NAT64.contains(&address) => {
            // A range of the operator's own is not what a translator reaches under the same numbers.
            let found = of_v4(low(v6));
            let class = if found.class == Class::Public { Class::Public } else { Class::Special };
            Classified { class, meant: address, ..found }
        }
        IpAddr::V6(_) => of_table(address, V6),
    }
}

fn of_v4(address: Ipv4Addr) -> Classified {
    of_table(IpAddr::V4(address), V4)
}

fn of_table(address: IpAddr, table: &[Range]) -> Classified {
    let range = table.iter().find(|range| range.net.contains(&address));
    let (class, what, source) =
        range.map_or((Class::Public, "public", "IANA"), |range| (range.class, range.what, range.source));
    Classified { class, what, source, meant: address }
}

/// The IPv4 address in the last four bytes.
fn low(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// Whether a policy may open this range: it lies within one that is private or loopback.
pub(in crate::network) fn is_openable(net: &IpNet) -> bool {
    let mut ranges = V4.iter().chain(V6);
    ranges.any(|range| is_open(range.class) && range.net.contains(net))
}

const fn is_open(class: Class) -> bool {
    matches!(class, Class::Private | Class::Loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row: its first and last address are of its class, unless a row above says more.
    #[test]
    fn every_range_begins_and_ends_where_its_document_says() {
        for table in [V4, V6] {
            for (index, range) in table.iter().enumerate() {
                assert!(!range.source.is_empty() && range.net == range.net.trunc(), "{}", range.net);
                for address in [range.net.network(), range.net.broadcast()] {
                    let above = table.iter().take(index).find(|above| above.net.contains(&address));
                    let embedded = MAPPED.contains(&address) || NAT64.contains(&address);
                    let expected = above.map_or(range.what, |above| above.what);
                    assert!(embedded || classify(address).what == expected, "{address} of {}", range.net);
                }
            }
        }
    }

    #[test]
    fn an_openable_range_opens_nothing_special() {
        let table = [
            ("10.20.0.0/16", true),
            ("172.16.0.0/12", true),
            ("100.64.0.0/10", true),
            ("127.0.0.1/32", true),
            ("::1/128", true),
            ("fd12::/16", true),
            ("0.0.0.0/0", false),
            ("172.0.0.0/8", false),
            ("169.254.169.254/32", false),
            ("8.8.8.0/24", false),
            ("::/0", false),
            ("::ffff:10.0.0.0/104", false),
            ("fe80::/10", false),
        ];
        for (net, expected) in table {
            assert_eq!(is_openable(&net.parse().unwrap()), expected, "{net}");
        }
    }
}
