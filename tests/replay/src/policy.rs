//! Policy and ceiling files.

use portcullis_policy::{
    Ceiling, ComponentSource, Explanation, FileError, Policy, PortcullisFile, Profile, ProviderDeclaration,
};

use crate::place::{assert_one_line, assert_within};
use crate::yaml;

/// What stands between a policy and the ceiling over it.
const CEILING: &str = "\n# ceiling\n";

/// Stands for a credential in the seeds.
const MARKER: &str = "m4rk3r";

/// Any text: an error with its place and no secret in it, or policies that compile, explain themselves, and mean the same
/// however the file is spelled. A ceiling behind a line `# ceiling` takes away and never gives.
pub fn policy(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (text, ceiling) = text.split_once(CEILING).unwrap_or((text, ""));
    let ceiling = match Ceiling::parse("ceiling.yaml", ceiling) {
        Ok(ceiling) => Some(ceiling),
        Err(error) => {
            refused(ceiling, &error);
            None
        }
    };
    match PortcullisFile::parse("portcullis.yaml", text) {
        Ok(file) => accepted(text, file, ceiling.as_ref()),
        Err(error) => refused(text, &error),
    }
}

fn refused(text: &str, error: &FileError) {
    assert_within(text, error.line, error.column);
    assert_one_line(&error.to_string());
    // A key may be named; what is no YAML may be in the middle of a value.
    let names_no_key = error.key.is_empty() && error.problem.starts_with("this is no YAML");
    assert!(!names_no_key || !error.problem.contains(MARKER), "{error}");
}

fn accepted(text: &str, file: PortcullisFile, ceiling: Option<&Ceiling>) {
    let plain = yaml::plain(text).unwrap_or_else(|| panic!("read by one and not by the other: {text}"));
    let mut again = PortcullisFile::parse("plain.yaml", &plain).unwrap_or_else(|e| panic!("{e}\n{plain}"));
    assert_eq!(file.payload_type, again.payload_type);
    assert_eq!(file.providers.len(), again.providers.len());
    for handle in ["", "a", "db/password", "name;rest", text] {
        assert_eq!(file.routes.route(handle), again.routes.route(handle));
    }
    for (name, declared) in file.providers {
        let other = again.providers.remove(&name).unwrap();
        assert_eq!((&declared.source, &declared.config), (&other.source, &other.config));
        let alone = explained(&declared, None);
        assert_eq!(alone, explained(&other, None));
        let below = explained(&declared, ceiling);
        assert_eq!(below, explained(&other, ceiling));
        if let (Some((alone, _)), Some((below, _))) = (alone, below) {
            narrower(&alone, &below);
        }
    }
}

/// What the policy says of itself, and the same with the ceiling's remarks left out; nothing where it contradicts itself.
fn explained(declared: &ProviderDeclaration, ceiling: Option<&Ceiling>) -> Option<(Shown, String)> {
    let profile = match declared.source {
        ComponentSource::Path(_) => Profile::Custom,
        ComponentSource::Builtin(_) => Profile::BuiltinFile,
    };
    match Policy::compile(declared.name.clone(), profile, declared.grants.clone(), ceiling) {
        Ok(policy) => {
            let explanation = policy.explain();
            let text = explanation.to_string();
            assert_eq!(text.lines().count(), expected_lines(&explanation), "{text}");
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
            for import in
                ["wasi:filesystem/types@0.2.12", "wasi:sockets/tcp@0.2.12", "wasi:http/types@0.2.12"]
            {
                if let Err(denial) = policy.decide_import(import) {
                    assert_one_line(&denial.to_string());
                }
            }
            drop((policy.decide_mounts(), policy.decide_environment(|_| None)));
            Some((Shown::of(&explanation), serde_json::to_string(&explanation).unwrap()))
        }
        Err(error) => {
            assert_one_line(&error.to_string());
            None
        }
    }
}

/// So many lines tell of so many things: no text in a grant makes a line of its own.
fn expected_lines(explanation: &Explanation) -> usize {
    let titled = |list: usize| if list == 0 { 0 } else { list + 1 };
    let sections: usize = explanation.sections.iter().map(|section| section.grants.len() + 1).sum();
    2 + sections
        + 1
        + explanation.environment.len()
        + 1
        + explanation.limits.len()
        + titled(explanation.derived_from.len())
        + titled(explanation.narrowed.len())
        + titled(explanation.lints.len())
}

#[derive(Debug, PartialEq)]
struct Shown {
    sections: Vec<(&'static str, &'static str)>,
    environment: Vec<String>,
}

impl Shown {
    fn of(explanation: &Explanation) -> Self {
        Self {
            sections: explanation.sections.iter().map(|section| (section.section, section.state)).collect(),
            environment: explanation.environment.clone(),
        }
    }
}

/// Below a ceiling a section is what it was, or it was granted and is empty now.
fn narrower(alone: &Shown, below: &Shown) {
    for (alone, below) in alone.sections.iter().zip(&below.sections) {
        assert!(alone == below || (alone.1, below.1) == ("granted", "empty"), "{alone:?} to {below:?}");
    }
    assert!(below.environment.iter().all(|line| alone.environment.contains(line)));
}
