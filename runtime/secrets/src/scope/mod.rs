//! Which Kubernetes secrets a configuration may use: the one decision, and what it says when the answer is no.

mod namespace;

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use crate::handle::Handle;
use crate::live::Origin;
use crate::one_line::OneLine;
use crate::settings::ScopeSettings;
use namespace::namespace_of;

/// Decides on each handle of a configuration.
#[derive(Debug)]
pub(crate) struct Scope {
    settings: ScopeSettings,
}

impl Scope {
    pub(crate) fn new(settings: ScopeSettings) -> Self {
        Self { settings }
    }

    /// Whether a configuration may use a handle.
    ///
    /// A configuration that names neither a namespace nor an image is the operator's own, and never confined.
    pub(crate) fn decide(&self, handle: &Handle, origin: &Origin) -> Result<(), OutOfScope> {
        let settings = &self.settings;
        let refuse = |rule| Err(OutOfScope::new(handle, origin, rule));
        if let Some(own) = origin.namespace.as_deref().filter(|name| !name.is_empty())
            && let Some(wanted) = namespace_of(handle.as_str(), &settings.kubernetes_backends)
        {
            if settings.to_own_namespace && wanted != own {
                return refuse(Rule::OtherNamespace { own: own.into() });
            }
            if !settings.allowed_namespaces.is_empty() && !settings.allowed_namespaces.contains(wanted) {
                return refuse(Rule::NamespaceNotAllowed { wanted: wanted.into() });
            }
        }
        if let Some(image) = origin.image.as_deref().filter(|image| !image.is_empty())
            && !settings.image_to_handle.is_empty()
            && !settings.image_to_handle.get(image).is_some_and(|handles| handles.contains(handle.as_str()))
        {
            return refuse(Rule::NotForImage);
        }
        Ok(())
    }
}

/// A handle that a configuration may not use: it keeps its `ENC[…]`, which is not an error.
///
/// Displayed in the agent's words, on one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutOfScope {
    handle: Handle,
    origin: Arc<str>,
    image: Box<str>,
    rule: Rule,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    OtherNamespace { own: Box<str> },
    NamespaceNotAllowed { wanted: Box<str> },
    NotForImage,
}

impl OutOfScope {
    fn new(handle: &Handle, origin: &Origin, rule: Rule) -> Self {
        let image = origin.image.as_deref().unwrap_or_default().into();
        Self { handle: handle.clone(), origin: origin.name.clone(), image, rule }
    }

    /// The handle.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// The setting that says no.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match self.rule {
            Rule::OtherNamespace { .. } => "secret_scope_integration_to_their_k8s_namespace",
            Rule::NamespaceNotAllowed { .. } => "secret_allowed_k8s_namespace",
            Rule::NotForImage => "secret_image_to_handle",
        }
    }
}

impl Display for OutOfScope {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { handle, origin, image, rule } = self;
        write!(f, "'{handle}' from integration '{}': image '{}' ", OneLine(origin), OneLine(image))?;
        match rule {
            Rule::OtherNamespace { own } => {
                write!(
                    f,
                    "from k8s namespace '{}' can't access secrets from other namespaces",
                    OneLine(own)
                )?;
            }
            Rule::NamespaceNotAllowed { wanted } => {
                write!(f, "can't access secrets from namespace '{}'", OneLine(wanted))?;
            }
            Rule::NotForImage => f.write_str("can't access it")?,
        }
        write!(f, " as per '{}'", self.setting())
    }
}
