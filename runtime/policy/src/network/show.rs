//! A destination in one line, without any value of a credential.

use std::fmt;

use super::{Destination, TlsVersion, Via};

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.origin)?;
        list(f, "allow", &self.allow)?;
        list(f, "query", &self.query)?;
        list(f, "headers", &self.headers)?;
        list(f, "private", &self.private)?;
        list(f, "nat64", self.nat64.iter().flatten())?;
        let tls = &self.tls;
        for (what, path) in [("ca", &tls.ca), ("identity", &tls.identity)] {
            if let Some(path) = path {
                write!(f, ", {what} {path:?}")?;
            }
        }
        if let Some(name) = &tls.server_name {
            write!(f, ", server name {name}")?;
        }
        if tls.min > TlsVersion::default() {
            f.write_str(", TLS 1.3 only")?;
        }
        match &self.via {
            Via::Host => {}
            Via::Proxy(proxy) => write!(f, ", through {proxy}")?,
            Via::Socket(path) => write!(f, ", at the socket {path:?}")?,
        }
        let limits = self.limits.to_string();
        if !limits.is_empty() {
            write!(f, ", limits [{limits}]")?;
        }
        match &self.credential {
            Some(credential) => write!(f, ", credential {}", credential.describe()),
            None => Ok(()),
        }
    }
}

fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    items: impl IntoIterator<Item = T>,
) -> fmt::Result {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if items.is_empty() { Ok(()) } else { write!(f, ", {what} [{}]", items.join(", ")) }
}
