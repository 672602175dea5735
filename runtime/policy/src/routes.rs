//! Which handle goes to which provider.

use std::collections::BTreeMap;

use crate::ProviderName;

/// One route as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The start of the handles that it takes. Empty takes every handle.
    pub prefix: String,
    /// The provider that gets them.
    pub to: ProviderName,
    /// Whether the provider sees the handle without the prefix. The default.
    pub strip: bool,
    /// The line of its declaration, for errors.
    pub line: Option<u64>,
}

/// Where a handle goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed<'a> {
    /// The provider.
    pub provider: &'a ProviderName,
    /// What was stripped, to be restored in results, errors and audit. Empty where nothing was.
    pub prefix: &'a str,
    /// The handle as the provider sees it: `prefix` and this make the handle.
    pub stripped: &'a str,
}

/// A handle that no route takes. The texts are the agent's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// No route has its prefix, or it names no backend.
    #[error("unknown backend")]
    UnknownBackend,
    /// It names a backend that does not exist; the name as the handle spells it.
    #[error("unknown backend {0:?}")]
    UnknownBackendNamed(String),
}

/// Routes that cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoutesError {
    /// Two routes with the same prefix.
    #[error("a second route for prefix {prefix:?}{}: keep one", .first_line.map_or_else(String::new, |line| format!(" (the first is on line {line})")))]
    Duplicate {
        /// Index of the second route.
        route: usize,
        /// The prefix.
        prefix: String,
        /// Line of the first route.
        first_line: Option<u64>,
    },
    /// A route to a provider that is not declared.
    #[error("no provider `{to}` is declared: name one of {declared}")]
    Undeclared {
        /// Index of the route.
        route: usize,
        /// Where it leads.
        to: ProviderName,
        /// The declared names, joined.
        declared: String,
    },
    /// Several providers and nothing that tells them apart.
    #[error("{providers} providers and no `routes`: write one `{{ prefix: TEXT, to: PROVIDER }}` for each")]
    Missing {
        /// How many providers there are.
        providers: usize,
    },
}

impl RoutesError {
    /// Index of the route at fault, where one is.
    pub const fn route(&self) -> Option<usize> {
        match self {
            Self::Duplicate { route, .. } | Self::Undeclared { route, .. } => Some(*route),
            Self::Missing { .. } => None,
        }
    }
}

/// Compiled routes.
#[derive(Clone, Debug)]
pub struct Routes(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// Longest prefix first.
    Prefixes(Vec<Route>),
    /// By lower-cased name before the first `;`.
    Multi(BTreeMap<String, ProviderName>),
}

impl Routes {
    /// Compiles prefix routes over the declared providers. A single provider without routes takes every handle.
    ///
    /// # Errors
    /// When two prefixes are equal, a route leads to no declared provider, or several providers have no routes.
    pub fn compile(mut routes: Vec<Route>, providers: &[ProviderName]) -> Result<Self, RoutesError> {
        match (routes.is_empty(), providers) {
            (true, [only]) => {
                routes.push(Route { prefix: String::new(), to: only.clone(), strip: true, line: None });
            }
            (true, [_, _, ..]) => return Err(RoutesError::Missing { providers: providers.len() }),
            _ => {}
        }
        let mut first_lines: BTreeMap<&str, Option<u64>> = BTreeMap::new();
        for (at, route) in routes.iter().enumerate() {
            if !providers.contains(&route.to) {
                let names: Vec<_> = providers.iter().map(|name| format!("`{name}`")).collect();
                let declared = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                return Err(RoutesError::Undeclared { route: at, to: route.to.clone(), declared });
            }
            if let Some(first_line) = first_lines.insert(&route.prefix, route.line) {
                return Err(RoutesError::Duplicate { route: at, prefix: route.prefix.clone(), first_line });
            }
        }
        routes.sort_by_key(|route| std::cmp::Reverse(route.prefix.len()));
        Ok(Self(Kind::Prefixes(routes)))
    }

    /// The agent's rule for several backends: a handle is `name;rest`, split at the first `;`, and the name is looked up
    /// in lower case.
    pub fn multi(names: impl IntoIterator<Item = (String, ProviderName)>) -> Self {
        Self(Kind::Multi(names.into_iter().map(|(name, provider)| (name.to_lowercase(), provider)).collect()))
    }

    /// Where a handle goes.
    ///
    /// # Errors
    /// When no route takes it.
    pub fn route<'a>(&'a self, handle: &'a str) -> Result<Routed<'a>, RouteError> {
        match &self.0 {
            Kind::Prefixes(routes) => {
                let taken = routes
                    .iter()
                    .find_map(|route| Some((route, handle.strip_prefix(route.prefix.as_str())?)));
                let (route, rest) = taken.ok_or(RouteError::UnknownBackend)?;
                let (prefix, stripped) =
                    if route.strip { (route.prefix.as_str(), rest) } else { ("", handle) };
                Ok(Routed { provider: &route.to, prefix, stripped })
            }
            Kind::Multi(names) => {
                let end = handle.find(';').ok_or(RouteError::UnknownBackend)?;
                let (name, rest) = handle.split_at_checked(end).ok_or(RouteError::UnknownBackend)?;
                let provider = names.get(&name.to_lowercase());
                let provider = provider.ok_or_else(|| RouteError::UnknownBackendNamed(name.to_owned()))?;
                let (prefix, stripped) = handle.split_at_checked(end + 1).unwrap_or((handle, rest));
                Ok(Routed { provider, prefix, stripped })
            }
        }
    }
}
