//! Who asks.

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use crate::handle::Handle;

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
    /// What the template variables in its handles stand for; default nothing.
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
            variables: Variables::default(),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn shown(&self) -> &Arc<str> {
        self.display_name.as_ref().unwrap_or(&self.name)
    }
}

/// What the template variables of a configuration stand for: `ENC[db_user_%%host%%]` is the handle `db_user_10.0.0.7`.
///
/// A variable that stands for nothing stays as it is, and what a variable stands for is not looked at again. Scope,
/// routes and places know the handle with its variables replaced.
#[derive(Clone, Default)]
pub struct Variables(Option<Arc<Lookup>>);

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Variables {
    /// Variables by a function of their name (`host`).
    pub fn new(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(lookup)))
    }

    /// The handles that have variables, and what each of them is with its variables replaced.
    pub(crate) fn expand_all<'h>(&self, handles: &'h [Handle]) -> HashMap<&'h Handle, Handle> {
        let Some(lookup) = &self.0 else { return HashMap::new() };
        let with_variables = handles.iter().filter(|handle| handle.as_str().contains("%%"));
        with_variables.map(|handle| (handle, Handle::new(expand(handle.as_str(), lookup.as_ref())))).collect()
    }
}

impl Debug for Variables {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Variables").field(&self.0.is_some()).finish()
    }
}

fn expand(text: &str, lookup: &Lookup) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("%%") {
        out.push_str(before);
        let found = after.split_once("%%").and_then(|(name, after)| Some((lookup(name)?, after)));
        rest = match found {
            Some((value, after)) => {
                out.push_str(&value);
                after
            }
            None => {
                out.push_str("%%");
                after
            }
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Handle, Variables};

    #[test]
    fn variables_are_replaced_once_and_only_where_they_are_known() {
        let variables = Variables::new(|name| match name {
            "host" => Some("10.0.0.7".to_owned()),
            "loop" => Some("%%host%%".to_owned()),
            _ => None,
        });
        for (handle, expanded) in [
            ("plain", "plain"),
            ("db_%%host%%", "db_10.0.0.7"),
            ("%%host%%%%host%%", "10.0.0.710.0.0.7"),
            ("%%loop%%", "%%host%%"),
            ("%%port%%", "%%port%%"),
            ("%%port%%host%%", "%%port10.0.0.7"),
            ("100%%", "100%%"),
            ("%%%%host%%", "%%10.0.0.7"),
        ] {
            let handles = [Handle::new(handle)];
            let meant = variables.expand_all(&handles);
            assert_eq!(meant.get(&handles[0]).unwrap_or(&handles[0]).as_str(), expanded);
            assert!(Variables::default().expand_all(&handles).is_empty());
        }
    }
}
