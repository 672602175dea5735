//! Translation to IPv4 at the edge of an operator's own network (RFC 6052): a prefix, and the IPv4 address behind it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::Ipv6Net;

/// A prefix whose addresses stand for IPv4 hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nat64Prefix(Ipv6Net);

/// Bits that a prefix may have (RFC 6052, section 2.2).
const LENGTHS: [u8; 6] = [32, 40, 48, 56, 64, 96];

impl Nat64Prefix {
    pub(in crate::network) fn parse(text: &str) -> Result<Self, &'static str> {
        let net: Ipv6Net = text.parse().map_err(|_| "expected a prefix such as `64:ff9b:1::/96`")?;
        if !LENGTHS.contains(&net.prefix_len()) {
            return Err("a prefix for translation has 32, 40, 48, 56, 64 or 96 bits");
        }
        if net != net.trunc() {
            return Err("expected the prefix's first address");
        }
        Ok(Self(net))
    }

    /// The IPv4 address that one of its addresses stands for; nothing for an address that is not of it.
    pub(super) fn decode(self, address: Ipv6Addr) -> Option<Ipv4Addr> {
        if !self.0.contains(&address) {
            return None;
        }
        // Byte 8 is never a part of the address.
        let first = usize::from(self.0.prefix_len() / 8);
        let octets = address.octets();
        let mut bytes = octets.iter().enumerate().skip(first).filter(|(place, _)| *place != 8);
        let mut next = || bytes.next().map(|(_, byte)| *byte);
        Some(Ipv4Addr::new(next()?, next()?, next()?, next()?))
    }
}

impl fmt::Display for Nat64Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 6052, section 2.4: all of them stand for 192.0.2.33.
    #[test]
    fn every_length_is_decoded_as_its_document_has_it() {
        let rows = [
            ("2001:db8::/32", "2001:db8:c000:221::"),
            ("2001:db8:100::/40", "2001:db8:1c0:2:21::"),
            ("2001:db8:122::/48", "2001:db8:122:c000:2:2100::"),
            ("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::"),
            ("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::"),
            ("2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33"),
        ];
        for (prefix, address) in rows {
            let decoded = Nat64Prefix::parse(prefix).unwrap().decode(address.parse().unwrap());
            assert_eq!(decoded, Some(Ipv4Addr::new(192, 0, 2, 33)), "{prefix}");
        }
        assert_eq!(Nat64Prefix::parse("2001:db8::/32").unwrap().decode("2001:db9::".parse().unwrap()), None);
        assert!(
            Nat64Prefix::parse("2001:db8::/33").is_err() && Nat64Prefix::parse("2001:db8::1/96").is_err()
        );
    }
}
