//! The compiled policy in a form to read: what `policy explain` prints, for humans and as JSON.

use std::fmt;

use super::{Lint, Policy};
use crate::{Access, EnvironmentValue};

/// Everything that is in effect for one provider. Holds no value of a host variable and no credential.
#[derive(Clone, Debug, serde::Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The provider.
    pub provider: String,
    /// Short identity of the policy.
    pub policy: String,
    /// The digest that the component must have.
    pub digest: Option<String>,
    /// Files and folders, network, sockets: state and grants.
    pub sections: Vec<ExplainedSection>,
    /// Variables: a literal with its text, others with the host's name.
    pub environment: Vec<String>,
    /// Every limit.
    pub limits: Vec<ExplainedLimit>,
    /// What the ceiling took away.
    pub narrowed: Vec<String>,
    /// What the grants were derived from.
    pub derived_from: Vec<String>,
    /// Remarks.
    pub lints: Vec<Lint>,
}

/// One interface with authority.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ExplainedSection {
    /// Key of the section.
    pub section: &'static str,
    /// `absent`, `empty` or `granted`.
    pub state: &'static str,
    /// One line for each grant, sorted.
    pub grants: Vec<String>,
}

/// One limit.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ExplainedLimit {
    /// Key of the limit.
    pub limit: &'static str,
    /// Its effective value.
    pub value: String,
    /// Where the value came from.
    pub origin: String,
    /// Why the default is what it is.
    pub reason: &'static str,
}

impl Policy {
    /// Everything that is in effect.
    pub fn explain(&self) -> Explanation {
        let environment = self.environment.iter().map(|(name, value)| match value {
            EnvironmentValue::Literal(text) => format!("{name}={text:?}"),
            EnvironmentValue::From(host_name) => format!("{name} from {host_name} of the host"),
        });
        let limits = self.limits.rows().map(|row| ExplainedLimit {
            limit: row.key,
            value: row.value,
            origin: row.origin.to_string(),
            reason: row.reason,
        });
        Explanation {
            provider: self.provider.to_string(),
            policy: self.id.to_string(),
            digest: self.digest.map(|digest| digest.to_string()),
            sections: vec![
                section("filesystem", &self.filesystem, |mounts| {
                    mounts.iter().map(ToString::to_string).collect()
                }),
                section("network", &self.network, |all| all.iter().map(ToString::to_string).collect()),
                section("sockets", &self.sockets, |never| match *never {}),
            ],
            environment: environment.collect(),
            limits: limits.collect(),
            narrowed: self.narrowed.clone(),
            derived_from: self.derived_from.clone(),
            lints: self.lints(),
        }
    }
}

fn section<T>(
    section: &'static str,
    access: &Access<T>,
    show: impl FnOnce(&T) -> Vec<String>,
) -> ExplainedSection {
    let (state, mut grants) = match access {
        Access::Absent => ("absent", Vec::new()),
        Access::Empty => ("empty", Vec::new()),
        Access::Granted(granted) => ("granted", show(granted)),
    };
    grants.sort();
    ExplainedSection { section, state, grants }
}

/// Every limit has its reason beside it; the short form (`{:#}`) has them all on one line, without.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "provider {}  policy {}", self.provider, self.policy)?;
        writeln!(f, "  digest       {}", self.digest.as_deref().unwrap_or("any"))?;
        for section in &self.sections {
            let state = match section.state {
                "absent" => "absent: not linked",
                "empty" => "empty: linked, denies every call",
                _ => "granted:",
            };
            writeln!(f, "  {:<12} {state}", section.section)?;
            lines(f, &section.grants)?;
        }
        writeln!(f, "  environment  {}", if self.environment.is_empty() { "empty" } else { "granted:" })?;
        lines(f, &self.environment)?;
        if f.alternate() {
            let limits: Vec<String> =
                self.limits.iter().map(|limit| format!("{} {}", limit.limit, limit.value)).collect();
            writeln!(f, "  limits       {}", limits.join(", "))?;
        } else {
            writeln!(f, "  limits")?;
            for limit in &self.limits {
                let ExplainedLimit { limit, value, origin, reason } = limit;
                writeln!(f, "    {limit:<11} {value:<9} {origin:<20} {reason}")?;
            }
        }
        titled(f, "derived from", &self.derived_from)?;
        titled(f, "narrowed by the ceiling", &self.narrowed)?;
        let lints: Vec<String> =
            self.lints.iter().map(|lint| format!("{}: {}", lint.code.as_str(), lint.message)).collect();
        titled(f, "remarks", &lints)
    }
}

fn titled(f: &mut fmt::Formatter<'_>, title: &str, list: &[String]) -> fmt::Result {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(f, "  {title}")?;
    lines(f, list)
}

fn lines(f: &mut fmt::Formatter<'_>, list: &[String]) -> fmt::Result {
    list.iter().try_for_each(|line| writeln!(f, "    {line}"))
}
