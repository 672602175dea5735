//! Components that nobody here wrote, from their bytes to a linked provider.

use std::sync::{Arc, OnceLock};

use portcullis_policy::Policy;
use portcullis_sandbox::{Inspection, LinkError};

use crate::engine::{engine, link, policy};
use crate::place::assert_one_line;

/// Most bytes of an input. A hostile guest needs few.
const MOST: usize = 64 << 10;

/// Any bytes, or the text form of a component (it begins with a parenthesis): a typed error, or a component that can be
/// inspected, compiled, loaded and linked. A policy that grants nothing links it only where it asks for nothing.
/// Nothing of it runs.
pub fn component(data: &[u8]) {
    if data.len() > MOST {
        return;
    }
    let assembled = data.starts_with(b"(").then(|| wat::parse_bytes(data).ok()).flatten();
    let bytes = assembled.as_deref().unwrap_or(data);
    let inspected = Inspection::of(bytes);
    if let Err(error) = &inspected {
        assert_one_line(&error.to_string());
    }
    let policy = nothing();
    let verified = policy.decide_component(bytes.to_vec()).expect("a policy without a digest");
    let Ok(artefact) = engine().compile(&verified).map_err(|error| assert_one_line(&error.to_string()))
    else {
        return;
    };
    assert_eq!(artefact.source(), verified.digest());
    let inspected = inspected.unwrap_or_else(|error| panic!("it compiles, and cannot be inspected: {error}"));
    let loaded = match engine().load(&artefact) {
        Ok(loaded) => loaded,
        Err(error) => return assert_one_line(&error.to_string()),
    };
    let denied = inspected.imports.iter().filter(|import| policy.decide_import(import).is_err()).count();
    match link(&loaded, policy, ("key".to_owned(), "value".to_owned())) {
        Ok(_) => assert_eq!(denied, 0, "linked with {:?}", inspected.imports),
        Err(LinkError::NotGranted(denials)) => {
            assert!(!denials.is_empty());
            denials.iter().for_each(|denial| assert!(!denial.to_string().chars().any(char::is_control)));
        }
        Err(error) => assert_one_line(&error.to_string()),
    }
}

/// The policy that grants nothing.
fn nothing() -> &'static Arc<Policy> {
    static NOTHING: OnceLock<Arc<Policy>> = OnceLock::new();
    NOTHING.get_or_init(|| policy("limits: {}"))
}
