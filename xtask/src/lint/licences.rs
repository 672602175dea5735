//! Licences of all dependencies, for every platform, against the list in `deny.toml`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context as _, bail};
use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

use super::Outcome;
use crate::project::{Project, Workspace};

pub(super) fn check(project: &Project) -> anyhow::Result<Outcome> {
    let path = project.root().join("deny.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let allowed = allowed(&text)?;
    let mut packages = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for workspace in Workspace::ALL {
        let metadata = project.metadata(workspace)?;
        let listed = metadata.get("packages").and_then(Value::as_array);
        for package in listed.context("cargo metadata lists no packages")? {
            let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
            let name = format!("{} {}", text("name"), text("version"));
            if !is_allowed(text("license"), &allowed) {
                refused.insert(format!("{name} ({:?})", text("license")));
            }
            packages.insert(name);
        }
    }
    if !refused.is_empty() {
        let refused: Vec<String> = refused.into_iter().collect();
        bail!("no licence of these is in deny.toml: {}", refused.join(", "));
    }
    Ok(Outcome::Passed(format!("{} packages", packages.len())))
}

/// The list `licenses.allow` of `deny.toml`: the same one that cargo-deny reads.
fn allowed(text: &str) -> anyhow::Result<Vec<String>> {
    let file: toml::Table = text.parse().context("deny.toml")?;
    let list =
        file.get("licenses").and_then(|licenses| licenses.get("allow")).and_then(toml::Value::as_array);
    let names = list.context("deny.toml: no list `licenses.allow`")?.iter().map(toml::Value::as_str);
    names
        .map(|name| Some(name?.to_owned()))
        .collect::<Option<_>>()
        .context("deny.toml: `licenses.allow` holds text only")
}

/// Whether a choice among what the expression offers is allowed. No expression offers nothing.
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let is_listed = |wanted: &LicenseReq| allowed.contains(&wanted.to_string());
    // Lax: old packages write `MIT/Apache-2.0`.
    Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|expression| expression.evaluate(is_listed))
}

#[cfg(test)]
mod tests {
    use super::{allowed, is_allowed};

    #[test]
    fn a_licence_is_taken_when_a_choice_of_it_is_listed() {
        let list =
            allowed("[licenses]\nallow = [\"MIT\", \"Apache-2.0 WITH LLVM-exception\", \"Unicode-3.0\"]\n")
                .unwrap();
        let rows = [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only OR MIT", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("Apache-2.0", false),
            ("MIT AND GPL-3.0-only", false),
            ("", false),
            ("Our own", false),
        ];
        for (licence, expected) in rows {
            assert_eq!(is_allowed(licence, &list), expected, "{licence:?}");
        }
    }

    #[test]
    fn a_list_that_is_missing_is_a_fault() {
        for text in ["", "[licenses]\n", "[licenses]\nallow = [1]\n", "[licenses"] {
            assert!(allowed(text).is_err(), "{text:?}");
        }
    }
}
