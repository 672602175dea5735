//! One destination of a provider: an origin, and the requests that may go there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ipnet::IpNet;

use super::address::{Nat64Prefix, is_openable};
use super::{Credential, Origin, RequestLimits, RequestPattern, Tls, Via, headers};
use crate::document::{Field, FileError, quoted};

/// An origin with everything that a policy says about requests to it.
#[derive(Clone, Debug)]
pub struct Destination {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) private: Vec<IpNet>,
    /// One set of prefixes for each side that has a say; each must allow an address.
    pub(crate) nat64: Vec<Vec<Nat64Prefix>>,
    pub(crate) allow: Vec<RequestPattern>,
    pub(crate) query: Query,
    pub(crate) headers: BTreeSet<String>,
    pub(crate) tls: Tls,
    pub(crate) via: Via,
    pub(crate) limits: RequestLimits,
    pub(crate) credential: Option<Credential>,
}

/// Query keys that requests may have. The default is none.
pub type Query = BTreeSet<String>;

const KEYS: [&str; 12] = [
    "name",
    "origin",
    "private",
    "nat64",
    "allow",
    "query",
    "headers",
    "tls",
    "proxy",
    "socket",
    "limits",
    "credential",
];

impl Destination {
    /// Its name in events.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where requests go.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Private ranges into which the host may resolve.
    pub fn private(&self) -> &[IpNet] {
        &self.private
    }

    /// What may be requested.
    pub fn allow(&self) -> &[RequestPattern] {
        &self.allow
    }

    /// Query keys that requests may have.
    pub const fn query(&self) -> &Query {
        &self.query
    }

    /// Headers that the guest may set.
    pub const fn headers(&self) -> &BTreeSet<String> {
        &self.headers
    }

    /// How the host connects.
    pub const fn tls(&self) -> &Tls {
        &self.tls
    }

    /// What a connection is made to.
    pub const fn via(&self) -> &Via {
        &self.via
    }

    /// What a request may take.
    pub const fn limits(&self) -> &RequestLimits {
        &self.limits
    }

    /// What the host attaches.
    pub const fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }

    /// Whether one request could be one of both.
    fn overlaps(&self, other: &Self) -> bool {
        let rules = || self.allow.iter().any(|mine| other.allow.iter().any(|theirs| mine.overlaps(theirs)));
        self.origin.overlaps(&other.origin) && rules()
    }

    fn parse(field: &Field<'_>) -> Result<Self, FileError> {
        let section = field.section("a map with `name`, `origin` and `allow`", &KEYS)?;
        let list =
            |key: &str, what: &str| section.get(key).map_or_else(|| Ok(Vec::new()), |field| field.list(what));
        let origin: Origin = section.require("origin", "`https://host`")?.parsed("an origin", str::parse)?;
        let allow_field = section.require("allow", "a list of `METHOD /path`")?;
        let allow =
            allow_field.list("a list of `METHOD /path`")?.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
        if allow.is_empty() {
            return Err(allow_field
                .error("an empty list allows nothing: write a `METHOD /path`, or remove the destination"));
        }
        let headers = unique(list("headers", "a list of header names")?, |field| {
            field.parsed("a header name", headers::check)
        })?;
        let credential =
            section.get("credential").map(|field| Credential::parse(field, &allow)).transpose()?;
        if let Some(kind) = credential.as_ref().map(Credential::kind)
            && let Some(name) = headers.iter().find(|name| headers::is_of_credential(kind, name))
        {
            return Err(section.field().error(format_args!(
                "the guest may set {}, which the credential sets: remove it from `headers`",
                quoted(name)
            )));
        }
        if origin.wildcard_suffix().is_some()
            && credential.as_ref().is_some_and(Credential::asks_the_store)
            && let Some(field) = section.get("credential")
        {
            return Err(field.error("the host asks the store for it: write the origin without a wildcard"));
        }
        let tls = section.get("tls").map(|field| Tls::parse(field, &origin)).transpose()?.unwrap_or_default();
        let via = Via::parse(section.get("proxy"), section.get("socket"), &origin)?;
        if tls.server_name.is_some() && via != Via::Host {
            return Err(section
                .field()
                .error("`tls.server_name` and `proxy` cannot be together: remove one"));
        }
        Ok(Self {
            name: section.require("name", "a name for events")?.parsed("a name", name)?,
            private: list("private", "a list of ranges such as `10.20.0.0/16`")?
                .iter()
                .map(range)
                .collect::<Result<_, _>>()?,
            nat64: vec![
                list("nat64", "a list of prefixes such as `64:ff9b:1::/96`")?
                    .iter()
                    .map(|field| field.parsed("a prefix", Nat64Prefix::parse))
                    .collect::<Result<_, _>>()?,
            ],
            query: unique(list("query", "a list of query keys")?, |field| {
                field.parsed("a query key", query_key)
            })?,
            via,
            limits: section.get("limits").map(RequestLimits::parse).transpose()?.unwrap_or_default(),
            origin,
            allow,
            headers,
            tls,
            credential,
        })
    }
}

/// Reads a `network` list: names are distinct, and no request could match two destinations.
pub(crate) fn parse_all(field: &Field<'_>) -> Result<Vec<Destination>, FileError> {
    let mut destinations: Vec<Destination> = Vec::new();
    for item in field.list("a list of destinations, or `[]` to deny every request")? {
        let new = Destination::parse(&item)?;
        if let Some(old) = destinations.iter().find(|old| old.name == new.name) {
            return Err(
                item.error(format_args!("a second destination {}: give it another name", quoted(&old.name)))
            );
        }
        if let Some(old) = destinations.iter().find(|old| old.overlaps(&new)) {
            let names = (quoted(&old.name), quoted(&new.name));
            return Err(item.error(format_args!(
                "one request could match {} and {}: make their origins or `allow` lines differ",
                names.0, names.1
            )));
        }
        destinations.push(new);
    }
    Ok(destinations)
}

/// An absolute path: the working directory of a service is nothing to rely on.
pub(super) fn absolute(field: &Field<'_>) -> Result<PathBuf, FileError> {
    let path = Path::new(field.text("a path")?);
    if path.is_absolute() { Ok(path.to_owned()) } else { Err(field.error("expected a path from the root")) }
}

pub(super) fn rule(field: &Field<'_>) -> Result<RequestPattern, FileError> {
    if !matches!(field.value(), crate::document::Value::Map(_)) {
        return field.parsed("`METHOD /path`", |text| RequestPattern::parse(text, false));
    }
    let section = field.section("a map", &["request", "encoded"])?;
    let encoded = section.get("encoded").map(Field::boolean).transpose()?.unwrap_or(false);
    section
        .require("request", "`METHOD /path`")?
        .parsed("`METHOD /path`", |text| RequestPattern::parse(text, encoded))
}

fn range(field: &Field<'_>) -> Result<IpNet, FileError> {
    let net = field.parsed("a range such as `10.20.0.0/16`", |text| {
        text.parse::<IpNet>().map_err(|_| format!("{} is no range: write it as `10.20.0.0/16`", quoted(text)))
    })?;
    if net != net.trunc() {
        return Err(field.error(format_args!("expected the range's first address: `{}`", net.trunc())));
    }
    if !is_openable(&net) {
        return Err(field.error(
            "this is no private range: expected a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, \
             fc00::/7, 127.0.0.0/8 or ::1/128",
        ));
    }
    Ok(net)
}

pub(super) fn name(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let fits = !text.is_empty() && text.len() <= 253 && text.bytes().all(plain);
    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("{} is no name: use letters, digits, `-`, `_` and `.`", quoted(text)))
}

fn query_key(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~$[]".contains(&b);
    let fits = !text.is_empty() && text.len() <= 253 && text.bytes().all(plain);
    fits.then(|| text.to_owned())
        .ok_or_else(|| format!("{} is no query key: use letters, digits and `-_.~$[]`", quoted(text)))
}

fn unique(
    fields: Vec<Field<'_>>,
    read: impl Fn(&Field<'_>) -> Result<String, FileError>,
) -> Result<BTreeSet<String>, FileError> {
    let mut set = BTreeSet::new();
    for field in fields {
        let value = read(&field)?;
        if !set.insert(value) {
            return Err(field.error("this is in the list already: keep one"));
        }
    }
    Ok(set)
}
