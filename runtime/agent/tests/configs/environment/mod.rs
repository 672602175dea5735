//! Settings of the agent's own file that are in its environment.

mod laws;
mod rows;
mod shared;

use portcullis_agent::configs::Environment;
use portcullis_agent::configs::environment::Merged;

/// Variables and their values.
type Variables<'v> = &'v [(&'v str, &'v str)];

fn merged(text: &str, variables: Variables<'_>) -> Merged {
    Environment::new(variables.iter().copied()).merge(text.as_bytes())
}

/// The text that is resolved.
fn text(before: &str, variables: Variables<'_>) -> String {
    let text = merged(before, variables).text;
    text.map_or_else(|| before.to_owned(), |text| String::from_utf8(text.to_vec()).unwrap())
}
