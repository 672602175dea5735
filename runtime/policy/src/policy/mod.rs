//! The effective policy of one provider: immutable, and the only place where its questions are decided.

mod compile;
mod decide;
mod explain;
mod id;
mod lint;

use std::convert::Infallible;
use std::sync::Arc;

pub use compile::PolicyError;
pub use explain::{ExplainedLimit, ExplainedSection, Explanation};
pub use id::PolicyId;
pub use lint::{Lint, LintCode};

use crate::network::Destination;
use crate::{Access, Digest, Environment, Limits, Mount, Profile, ProviderName};

/// What one provider may do, after the ceiling.
///
/// ```
/// use portcullis_policy::{Link, Policy, PortcullisFile, Profile};
/// let text = "version: 1\nproviders:\n  vault: { component: ./vault.wasm, filesystem: [], limits: { wall: 8s } }\n";
/// for (name, provider) in PortcullisFile::parse("portcullis.yaml", text)?.providers {
///     let policy = Policy::compile(name, Profile::Custom, provider.grants, None)?;
///     assert_eq!(policy.limits().wall.value().as_secs(), 8);
///     assert_eq!(policy.decide_import("wasi:filesystem/types@0.2.12")?, Link::Denying);
///     assert!(policy.decide_import("wasi:http/types@0.2.12").is_err());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    provider: ProviderName,
    profile: Profile,
    filesystem: Access<Vec<Mount>>,
    network: Access<Vec<Arc<Destination>>>,
    sockets: Access<Infallible>,
    environment: Environment,
    limits: Arc<Limits>,
    digest: Option<Digest>,
    narrowed: Vec<String>,
    derived_from: Vec<String>,
    id: PolicyId,
}

impl Policy {
    /// Whose policy it is.
    pub const fn provider(&self) -> &ProviderName {
        &self.provider
    }

    /// The effective limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The digest that the component must have, where the policy names one.
    pub const fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The destinations that requests may go to; none where the network is absent or denied.
    pub fn destinations(&self) -> &[Arc<Destination>] {
        self.network.granted().map_or(&[], Vec::as_slice)
    }

    /// What the ceiling took away from the sections, in words; empty where nothing.
    pub fn narrowed(&self) -> &[String] {
        &self.narrowed
    }

    /// The identity of this policy.
    pub const fn id(&self) -> PolicyId {
        self.id
    }
}
