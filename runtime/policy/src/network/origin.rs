//! Where requests go: scheme, host and port, in exactly one spelling.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use crate::document::quoted;

/// How a connection is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Without TLS.
    Http,
    /// With TLS.
    Https,
}

/// An origin: `https://vault.corp.example:8200`. A label of the host may be `*`, which is exactly one label. Cheap to clone.
///
/// There is one accepted spelling: lower case, no trailing dot, no user name, IPv4 in four decimal parts, IPv6 in its
/// shortest form. Whoever sends a request compares canonical forms, so that no second spelling can slip through.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: Host,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Host {
    /// Labels with single dots between.
    Name(Arc<str>),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

/// Text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is no origin: {reason}", quoted(found))]
pub struct OriginError {
    /// What was given.
    pub found: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Origin {
    /// Plain or with TLS.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The port, also where the text leaves it to the scheme.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether the host is this machine by its spelling.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Name(name) => name.rsplit('.').next() == Some("localhost"),
            Host::V4(address) => address.is_loopback(),
            Host::V6(address) => address.is_loopback(),
        }
    }

    /// The address, where the host is one and needs no resolving.
    pub const fn address(&self) -> Option<IpAddr> {
        match &self.host {
            Host::Name(_) => None,
            Host::V4(address) => Some(IpAddr::V4(*address)),
            Host::V6(address) => Some(IpAddr::V6(*address)),
        }
    }

    /// The labels of the host, from left to right; none where it is an address.
    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        let name = match &self.host {
            Host::Name(name) => Some(name.split('.')),
            Host::V4(_) | Host::V6(_) => None,
        };
        name.into_iter().flatten()
    }

    /// The origin of a host that is an address.
    pub(super) const fn of_address(scheme: Scheme, address: IpAddr, port: u16) -> Self {
        let host = match address {
            IpAddr::V4(address) => Host::V4(address),
            IpAddr::V6(address) => Host::V6(address),
        };
        Self { scheme, host, port }
    }

    /// The host as it is looked up, without brackets where it is an address.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.to_string(),
            Host::V4(address) => address.to_string(),
            Host::V6(address) => address.to_string(),
        }
    }

    /// The origin of a request: no label of it is a wildcard.
    pub(super) fn of_request(text: &str) -> Result<Self, &'static str> {
        let origin = parse(text)?;
        if origin.labels().any(|label| label == "*") {
            return Err("a request goes to one host: `*` is for policies");
        }
        Ok(origin)
    }

    /// The suffix below a `*` label, where the host has one.
    pub fn wildcard_suffix(&self) -> Option<String> {
        let Host::Name(name) = &self.host else { return None };
        name.rsplit_once('*').map(|(_, below)| below.trim_start_matches('.').to_owned())
    }

    /// Whether every origin that `other` stands for is one that `self` stands for.
    pub fn covers(&self, other: &Self) -> bool {
        self.matches(other, |mine, theirs| mine == "*" || mine == theirs)
    }

    /// Whether some origin is one of both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.matches(other, |mine, theirs| mine == "*" || theirs == "*" || mine == theirs)
    }

    fn matches(&self, other: &Self, label: impl Fn(&str, &str) -> bool) -> bool {
        let hosts = match (&self.host, &other.host) {
            (Host::Name(mine), Host::Name(theirs)) => {
                let (mut mine, mut theirs) = (mine.split('.'), theirs.split('.'));
                loop {
                    match (mine.next(), theirs.next()) {
                        (None, None) => break true,
                        (Some(mine), Some(theirs)) if label(mine, theirs) => {}
                        _ => break false,
                    }
                }
            }
            (mine, theirs) => mine == theirs,
        };
        hosts && self.scheme == other.scheme && self.port == other.port
    }
}

impl std::str::FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        parse(text).map_err(|reason| OriginError { found: text.to_owned(), reason })
    }
}

fn parse(text: &str) -> Result<Origin, &'static str> {
    let (scheme, rest) = text.split_once("://").ok_or("write `https://host` or `https://host:port`")?;
    let (scheme, default_port) = match scheme {
        "https" => (Scheme::Https, 443),
        "http" => (Scheme::Http, 80),
        _ => return Err("the scheme is `https` or `http`, in lower case"),
    };
    if rest.contains(['/', '?', '#', '\\']) {
        return Err("an origin ends after host and port: paths go into `allow`");
    }
    if rest.contains('@') {
        return Err("user names are not taken: use `credential`");
    }
    let (host, port) = match rest.strip_prefix('[') {
        Some(bracketed) => {
            let (address, port) =
                bracketed.split_once(']').ok_or("the bracket of the IPv6 address is not closed")?;
            (Host::V6(v6(address)?), port)
        }
        None => {
            let (host, port) = rest.find(':').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
            (name_or_v4(host)?, port)
        }
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => default_port,
        None => return Err("after the host only `:` and a port may follow"),
        Some(digits) => {
            parse_port(digits).ok_or("the port is a number from 1 to 65535 without leading zeros")?
        }
    };
    Ok(Origin { scheme, host, port })
}

fn parse_port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    plain.then(|| digits.parse().ok()).flatten()
}

fn v6(text: &str) -> Result<Ipv6Addr, &'static str> {
    let address: Ipv6Addr = text.parse().map_err(|_| "the brackets hold no IPv6 address")?;
    if address.to_ipv4_mapped().is_some() {
        return Err("this IPv6 address stands for an IPv4 one: write that");
    }
    if address.to_string() == text { Ok(address) } else { Err("write the IPv6 address in its shortest form") }
}

fn name_or_v4(host: &str) -> Result<Host, &'static str> {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Ok(Host::V4(address));
    }
    if host.is_empty() || host.len() > 253 {
        return Err("the host is empty or too long");
    }
    if host.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err("write the host in lower case");
    }
    if !host.is_ascii() {
        return Err("write the host in its ASCII form (`xn--…`)");
    }
    let labels = || host.split('.');
    if !labels().all(|label| label == "*" || is_label(label)) {
        return Err(
            "a host is labels of letters, digits and inner `-`, with single dots between, or `*` for one label",
        );
    }
    let last_is_number =
        labels().next_back().is_some_and(|label| label.starts_with(|c: char| c.is_ascii_digit()));
    if last_is_number {
        return Err("write an IPv4 address as four decimal numbers");
    }
    let open = labels().any(|label| label == "*");
    if open && labels().rev().take(2).filter(|label| *label != "*").count() < 2 {
        return Err("`*` stands left of at least two fixed labels: name the domain");
    }
    Ok(Host::Name(host.into()))
}

fn is_label(label: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    let fits = !label.is_empty() && label.len() <= 63;
    fits && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, default_port) = match self.scheme {
            Scheme::Http => ("http", 80),
            Scheme::Https => ("https", 443),
        };
        match &self.host {
            Host::Name(name) => write!(f, "{scheme}://{name}")?,
            Host::V4(address) => write!(f, "{scheme}://{address}")?,
            Host::V6(address) => write!(f, "{scheme}://[{address}]")?,
        }
        if self.port == default_port { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_is_taken_and_given_back() {
        let table = [
            ("https://vault.corp.example:8200", "https://vault.corp.example:8200"),
            ("https://vault.corp.example:443", "https://vault.corp.example"),
            ("http://127.0.0.1", "http://127.0.0.1"),
            ("https://[::1]:8200", "https://[::1]:8200"),
            ("https://secretsmanager.*.amazonaws.com", "https://secretsmanager.*.amazonaws.com"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
            ("http://localhost:8200", "http://localhost:8200"),
        ];
        for (text, shown) in table {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let refused = [
            "vault.corp.example",
            "HTTPS://vault.corp.example",
            "ftp://vault.corp.example",
            "https://",
            "https://Vault.corp.example",
            "https://vault.corp.example.",
            "https://vault..example",
            "https://vault.corp.example/",
            "https://vault.corp.example/v1",
            "https://vault.corp.example?x",
            "https://vault.corp.example#x",
            "https://user@vault.corp.example",
            "https://allowed.example:443@evil.example",
            "https://vault.corp.example:",
            "https://vault.corp.example:0",
            "https://vault.corp.example:0443",
            "https://vault.corp.example:65536",
            "https://vault.corp.example:+1",
            "https://2130706433",
            "https://0x7f.1",
            "https://127.1",
            "https://0177.0.0.1",
            "https://[::1",
            "https://[0:0::1]",
            "https://[fe80::1%25eth0]",
            "https://[::ffff:10.0.0.1]",
            "https://[::ffff:a00:1]",
            "https://[::1]x",
            "https://bücher.example",
            "https://vault.corp.example\u{3002}evil",
            "https://*",
            "https://*.com",
            "https://corp.*.com",
            "https://vault*.corp.example",
            "https://va ult.example",
            "https://vault.corp.example\\evil",
            "https://%76ault.example",
            "https://-x.example",
            "",
        ];
        for text in refused {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn wildcards_stand_for_one_label() {
        let origin = |text: &str| text.parse::<Origin>().unwrap();
        let wild = origin("https://*.corp.example");
        assert!(wild.covers(&origin("https://a.corp.example")));
        assert!(!wild.covers(&origin("https://a.b.corp.example")));
        assert!(!wild.covers(&origin("https://a.corp.example:8443")));
        assert!(!wild.covers(&origin("http://a.corp.example:443")));
        assert!(!origin("https://a.corp.example").covers(&wild));
        assert!(origin("https://a.corp.example").overlaps(&wild));
        assert_eq!(wild.wildcard_suffix().as_deref(), Some("corp.example"));
    }
}
