//! The smallest addition to a policy that would allow what was asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::headers::{self, Reserved};
use super::{AskedRequest, Credential, Destination, Request, login};
use crate::Policy;

/// What to add to the `network` of a provider. A human decides whether it is meant: a guest may ask for anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Addition {
    /// Name of the destination that is to be changed; nothing where a new one is needed.
    pub destination: Option<String>,
    /// Its origin.
    pub origin: String,
    /// Lines for `allow`.
    pub allow: BTreeSet<AllowLine>,
    /// Keys for `query`.
    pub query: BTreeSet<String>,
    /// Names for `headers`.
    pub headers: BTreeSet<String>,
}

/// A line for `allow`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct AllowLine {
    /// Method and path.
    pub request: String,
    /// Whether servers may read the path in two ways.
    pub encoded: bool,
}

/// Additions for many requests, and those that no addition allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Suggestions {
    /// One for each destination that is to be changed or made.
    pub additions: Vec<Addition>,
    /// Requests that stay denied, each with the reason.
    pub never: Vec<String>,
    /// How many of the requests the policy allows as it is.
    pub allowed: usize,
}

impl Policy {
    /// The smallest additions that would allow these requests. What a policy can never allow (another spelling of a URL, a
    /// login, a header of the connection) is told and not suggested.
    pub fn suggest<'a>(&self, asked: impl IntoIterator<Item = &'a AskedRequest>) -> Suggestions {
        let mut suggestions = Suggestions::default();
        let mut additions: BTreeMap<(Option<String>, String), Addition> = BTreeMap::new();
        for asked in asked {
            let about = |problem: &dyn fmt::Display| format!("{} {}: {problem}", asked.method, asked.url);
            let request = match asked.request() {
                Ok(request) => request,
                Err(error) => {
                    suggestions.never.push(about(&error));
                    continue;
                }
            };
            if self.decide_request(&request).is_ok() {
                suggestions.allowed = suggestions.allowed.saturating_add(1);
                continue;
            }
            match addition(self, &request) {
                Err(problem) => suggestions.never.push(about(&problem)),
                Ok(new) => {
                    let key = (new.destination.clone(), new.origin.clone());
                    let addition = additions.entry(key).or_insert_with(|| Addition {
                        destination: new.destination,
                        origin: new.origin,
                        ..Addition::default()
                    });
                    addition.allow.extend(new.allow);
                    addition.query.extend(new.query);
                    addition.headers.extend(new.headers);
                }
            }
        }
        suggestions.additions = additions.into_values().collect();
        suggestions
    }
}

fn addition(policy: &Policy, request: &Request) -> Result<Addition, String> {
    let covering = |destination: &&Destination| destination.origin.covers(request.origin());
    let mut there = policy.destinations().iter().map(AsRef::as_ref).filter(covering);
    let rules =
        |destination: &Destination| destination.allow.iter().any(|rule| rule.covers(request.pattern()));
    // The one that allows the path, where one does; else the first with that origin.
    let destination = there.clone().find(|destination| rules(destination)).or_else(|| there.next());
    let mut addition = Addition {
        destination: destination.map(|destination| destination.name.clone()),
        origin: request.origin().to_string(),
        ..Addition::default()
    };
    if !destination.is_some_and(rules) {
        addition.allow.insert(line(request)?);
    }
    let kind = destination.and_then(Destination::credential).map(Credential::kind);
    if kind.is_some_and(|kind| login::is_login(kind, request)) {
        return Err("it would give the guest a credential: nothing allows it".to_owned());
    }
    for key in request.query().unwrap_or_default() {
        if !destination.is_some_and(|destination| destination.query.contains(key)) {
            addition.query.insert(key.clone());
        }
    }
    for header in request.headers() {
        let own = kind.is_some_and(|kind| headers::of_credential(kind).contains(&header.as_str()));
        match headers::reserved(header) {
            Some(Reserved::Refused) => return Err(format!("the header {header} belongs to the connection")),
            Some(Reserved::Dropped) => {}
            None if own || destination.is_some_and(|destination| destination.headers.contains(header)) => {}
            None => {
                addition.headers.insert(header.clone());
            }
        }
    }
    if addition.allow.is_empty() && addition.query.is_empty() && addition.headers.is_empty() {
        return Err("its address is refused: see the audit record".to_owned());
    }
    Ok(addition)
}

/// The rule for one request. A star of the guest's would stand for much more.
fn line(request: &Request) -> Result<AllowLine, String> {
    let path = request.url().path();
    if path.contains('*') {
        return Err("only a rule with a wildcard takes a `*`".to_owned());
    }
    let encoded = request.pattern().is_encoded();
    Ok(AllowLine { request: format!("{} {path}", request.method()), encoded })
}

/// As a part of a policy file.
impl fmt::Display for Addition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.destination {
            Some(name) => writeln!(f, "# add to the destination {name}:")?,
            None => writeln!(f, "# a new destination below `network`; choose its name:")?,
        }
        writeln!(f, "- name: {}", self.destination.as_deref().unwrap_or("new"))?;
        writeln!(f, "  origin: {}", self.origin)?;
        let allow = self.allow.iter().map(AllowLine::to_string).collect();
        let quoted = |names: &BTreeSet<String>| names.iter().map(|name| yaml(name)).collect();
        list(f, "allow", allow)?;
        list(f, "query", quoted(&self.query))?;
        list(f, "headers", quoted(&self.headers))
    }
}

fn list(f: &mut fmt::Formatter<'_>, key: &str, items: Vec<String>) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(f, "  {key}:")?;
    items.iter().try_for_each(|item| writeln!(f, "    - {item}"))
}

/// As YAML has it.
impl fmt::Display for AllowLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = yaml(&self.request);
        if self.encoded {
            write!(f, "{{ request: {request}, encoded: true }}")
        } else {
            f.write_str(&request)
        }
    }
}

/// Text in quotes, which YAML and JSON read alike.
fn yaml(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
