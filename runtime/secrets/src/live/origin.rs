//! Who asks.

use std::sync::Arc;

use crate::document::Variables;

/// A configuration that uses secrets: which one it is, and what it may use.
///
/// ```
/// use portcullis_secrets::Origin;
///
/// let main = Origin { notify: true, ..Origin::new("datadog.yaml") };
/// let check = Origin { display_name: Some("postgres".into()), ..Origin::new("postgres:6f1d") };
/// ```
#[derive(Debug, Clone)]
pub struct Origin {
    /// What it is known by: a file's name, a configuration's digest. Unique.
    pub name: Arc<str>,
    /// What it is called in errors and lists; `None` = its name.
    pub display_name: Option<Arc<str>>,
    /// The image of the container that it was found on; `None` if on none.
    pub image: Option<Arc<str>>,
    /// The Kubernetes namespace of the pod that it was found on; `None` if on none.
    pub namespace: Option<Arc<str>>,
    /// Whether subscribers are told what it resolves to. Later changes are told in any case. Default false.
    pub notify: bool,
    /// Whether the text is all of the configuration: then what an earlier text of it used, and this one does not, is
    /// forgotten. Default false, for configurations that are resolved a part at a time.
    pub whole: bool,
    /// What the template variables in its handles stand for; default nothing but what its instances say.
    pub variables: Variables,
}

impl Origin {
    /// The operator's own configuration of this name: not confined to a namespace or an image, and not told.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            display_name: None,
            image: None,
            namespace: None,
            notify: false,
            whole: false,
            variables: Variables::default(),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn shown(&self) -> &Arc<str> {
        self.display_name.as_ref().unwrap_or(&self.name)
    }
}
