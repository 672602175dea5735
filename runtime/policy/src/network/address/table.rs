//! The ranges of addresses that are not simply public, from the IANA registries of special-purpose addresses, and those
//! under which clouds give credentials to whoever asks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::class::Class;
use Class::{Loopback, Private, Public, Special};

/// A range, its class, what it is, and who says so.
pub(super) struct Range {
    pub(super) net: IpNet,
    pub(super) class: Class,
    pub(super) what: &'static str,
    /// Document that gives the range its meaning.
    pub(super) source: &'static str,
}

const fn v4(address: [u8; 4], prefix: u8, class: Class, what: &'static str, source: &'static str) -> Range {
    let [a, b, c, d] = address;
    let net = IpNet::new_assert(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix);
    Range { net, class, what, source }
}

const fn v6(address: [u16; 8], prefix: u8, class: Class, what: &'static str, source: &'static str) -> Range {
    let [a, b, c, d, e, f, g, h] = address;
    let net = IpNet::new_assert(IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h)), prefix);
    Range { net, class, what, source }
}

/// The first range that holds an address counts. An address in none of them is public.
#[rustfmt::skip]
pub(super) const V4: &[Range] = &[
    v4([100, 100, 100, 200], 32, Special, "metadata", "Alibaba Cloud"),
    v4([168, 63, 129, 16], 32, Special, "metadata", "Azure, WireServer"),
    v4([192, 0, 0, 192], 32, Special, "metadata", "Oracle Cloud"),
    v4([169, 254, 0, 0], 16, Special, "link-local and metadata", "RFC 3927; AWS, Azure, Google Cloud"),
    v4([0, 0, 0, 0], 8, Special, "this network", "RFC 791"),
    v4([10, 0, 0, 0], 8, Private, "private", "RFC 1918"),
    v4([100, 64, 0, 0], 10, Private, "shared by a carrier or cluster", "RFC 6598"),
    v4([127, 0, 0, 0], 8, Loopback, "loopback", "RFC 1122"),
    v4([172, 16, 0, 0], 12, Private, "private", "RFC 1918"),
    v4([192, 0, 0, 0], 24, Special, "protocol assignments", "RFC 6890"),
    v4([192, 0, 2, 0], 24, Special, "documentation", "RFC 5737"),
    v4([192, 88, 99, 0], 24, Special, "6to4 relays, deprecated", "RFC 7526"),
    v4([192, 168, 0, 0], 16, Private, "private", "RFC 1918"),
    v4([198, 18, 0, 0], 15, Special, "benchmarks", "RFC 2544"),
    v4([198, 51, 100, 0], 24, Special, "documentation", "RFC 5737"),
    v4([203, 0, 113, 0], 24, Special, "documentation", "RFC 5737"),
    v4([224, 0, 0, 0], 4, Special, "multicast", "RFC 1112"),
    v4([255, 255, 255, 255], 32, Special, "broadcast", "RFC 8190"),
    v4([240, 0, 0, 0], 4, Special, "reserved", "RFC 1112"),
];

/// The first range that holds an address counts. What is in none of them is not assigned to anybody: the last row is
/// everything.
#[rustfmt::skip]
pub(super) const V6: &[Range] = &[
    v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0], 64, Special, "metadata", "AWS"),
    v6([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128, Special, "metadata", "Google Cloud"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 128, Special, "unspecified", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 1], 128, Loopback, "loopback", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 96, Special, "an IPv4 address, deprecated form", "RFC 4291"),
    v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, Special, "local translation to IPv4", "RFC 8215"),
    v6([0x100, 0, 0, 0, 0, 0, 0, 0], 64, Special, "discarded", "RFC 6666"),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 1], 128, Public, "port control anycast", "RFC 7723"),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 2], 128, Public, "relay anycast", "RFC 8155"),
    v6([0x2001, 3, 0, 0, 0, 0, 0, 0], 32, Public, "multicast tunnels", "RFC 7450"),
    v6([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48, Public, "AS112", "RFC 7535"),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, Special, "Teredo", "RFC 4380"),
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Special, "protocol assignments", "RFC 2928"),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, Special, "documentation", "RFC 3849"),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, Special, "6to4", "RFC 3056"),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Special, "documentation", "RFC 9637"),
    v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3, Public, "global unicast", "RFC 4291"),
    v6([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, Special, "segment routing", "RFC 9602"),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, Private, "unique local", "RFC 4193"),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, Special, "link-local", "RFC 4291"),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, Special, "site-local, deprecated", "RFC 3879"),
    v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, Special, "multicast", "RFC 4291"),
    v6([0, 0, 0, 0, 0, 0, 0, 0], 0, Special, "not assigned", "IANA, IPv6 address space"),
];

/// IPv4 addresses inside IPv6 ones (`::ffff:0:0/96`, RFC 4291): the same host.
pub(super) const MAPPED: IpNet =
    IpNet::new_assert(IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0)), 96);
/// Translation to IPv4 at the edge of a network (RFC 6052): never to an address that is not public.
pub(super) const NAT64: IpNet =
    IpNet::new_assert(IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0)), 96);
