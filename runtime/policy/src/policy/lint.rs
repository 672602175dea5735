//! Remarks at load: what is allowed and rarely meant.

use super::Policy;
use crate::network::{Destination, RequestPattern, Scheme, dead_rules};
use crate::{FileAccess, Profile};

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Lint {
    /// Its stable code.
    pub code: LintCode,
    /// What it is about, and what to do.
    pub message: String,
}

/// The stable code of a remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LintCode {
    /// A `*` label in an origin whose domain anybody can get a name under.
    SharedWildcard,
    /// A `*` label in an origin.
    Wildcard,
    /// Requests without TLS to another machine.
    PlainHttp,
    /// A credential for every path of its destination.
    CredentialAnyPath,
    /// A rule that allows nothing: the host's credential makes its requests logins, which are refused.
    DeadRule,
    /// A custom component without a digest.
    NoDigest,
    /// A mount that the guest may change.
    WriteMount,
}

impl LintCode {
    /// The code as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SharedWildcard => "shared_wildcard",
            Self::Wildcard => "wildcard",
            Self::PlainHttp => "plain_http",
            Self::CredentialAnyPath => "credential_any_path",
            Self::DeadRule => "dead_rule",
            Self::NoDigest => "no_digest",
            Self::WriteMount => "write_mount",
        }
    }
}

/// Domains under which every customer of a provider gets names.
const SHARED: [&str; 14] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "azure.com",
    "azure.net",
    "azurewebsites.net",
    "cloudapp.net",
    "cloudfront.net",
    "github.io",
    "googleapis.com",
    "herokuapp.com",
    "hashicorp.cloud",
    "run.app",
    "windows.net",
    "workers.dev",
];

impl Policy {
    /// Remarks about what this policy allows.
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let mut add = |code, message| lints.push(Lint { code, message });
        if self.profile == Profile::Custom && self.digest.is_none() {
            add(LintCode::NoDigest, "any component at that path runs: add `digest: sha256:…`".to_owned());
        }
        for mount in self.filesystem.granted().into_iter().flatten() {
            if mount.access() == FileAccess::Write {
                add(LintCode::WriteMount, format!("{mount}: a backend seldom needs to write"));
            }
        }
        for destination in self.network.granted().into_iter().flatten() {
            let about = format!("destination {} ({})", destination.name, destination.origin);
            for rule in dead_rules(destination) {
                add(
                    LintCode::DeadRule,
                    format!(
                        "{about}: `{rule}` would give the guest a credential and is always refused: remove it"
                    ),
                );
            }
            destination_lints(destination).for_each(|(code, remark)| add(code, format!("{about}: {remark}")));
        }
        lints
    }
}

fn destination_lints(destination: &Destination) -> impl Iterator<Item = (LintCode, &'static str)> {
    let origin = &destination.origin;
    let is_shared = |suffix: &str| {
        SHARED.iter().any(|shared| {
            suffix.strip_suffix(shared).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    let wildcard = origin.wildcard_suffix().map(|suffix| {
        if is_shared(&suffix) {
            (LintCode::SharedWildcard, "anybody can get a name there: name the host")
        } else {
            (LintCode::Wildcard, "a guest can put data into the name that it looks up: name the host")
        }
    });
    let plain = origin.scheme() == Scheme::Http && !origin.is_loopback();
    let goes_with = destination.credential.as_ref().map(|credential| match credential.paths() {
        [] => &destination.allow[..],
        paths => paths,
    });
    let any_path = goes_with.is_some_and(|rules| rules.iter().any(RequestPattern::is_any_path));
    wildcard
        .into_iter()
        .chain(plain.then_some((LintCode::PlainHttp, "requests are readable on the way: use https")))
        .chain(
            any_path.then_some((
                LintCode::CredentialAnyPath,
                "the credential goes with every path: narrow `allow`",
            )),
        )
}
