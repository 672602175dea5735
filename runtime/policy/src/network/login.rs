//! Endpoints that give out credentials, or tell the one that asks its own: with a credential of the host attached, a guest
//! would read there what it must never hold. They are refused even where a rule allows them.

use std::sync::LazyLock;

use super::{Credential, CredentialKind, Destination, Origin, Request, RequestPattern, segment};

/// What a credential opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Store {
    Aws,
    Azure,
    Google,
    Kubernetes,
    Vault,
}

use Store::{Aws, Azure, Google, Kubernetes, Vault};

/// Which requests a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Methods {
    All,
    /// All but GET, HEAD and LIST.
    Writing,
}

use Methods::{All, Writing};

/// Store, methods, host (`*` is one label), path (`*` is one segment, `**` any number, anywhere). Where no host is named it
/// is any, and the path may begin below any other: a store may stand behind a gateway.
///
/// Vault: any number of namespaces may stand before `auth`. A value may be called `…/auth/github/login`, too: there only
/// what writes is a login.
type Endpoint = (Store, Methods, &'static str, &'static str);

const ENDPOINTS: &[Endpoint] = &[
    (Vault, All, "", "v1/auth/**/login"),
    (Vault, All, "", "v1/auth/**/login/*"),
    (Vault, All, "", "v1/auth/**/oidc/*"),
    (Vault, Writing, "", "v1/**/auth/**/login"),
    (Vault, Writing, "", "v1/**/auth/**/login/*"),
    (Vault, All, "", "v1/**/auth/**/oidc/callback"),
    (Vault, Writing, "", "v1/**/auth/**/role/*/secret-id"),
    (Vault, Writing, "", "v1/**/auth/**/role/*/custom-secret-id"),
    (Vault, All, "", "v1/**/identity/oidc/token/*"),
    (Vault, All, "", "v1/**/auth/token/create"),
    (Vault, All, "", "v1/**/auth/token/create/*"),
    (Vault, All, "", "v1/**/auth/token/create-orphan"),
    (Vault, All, "", "v1/**/auth/token/lookup"),
    (Vault, All, "", "v1/**/auth/token/lookup/*"),
    (Vault, All, "", "v1/**/auth/token/lookup-self"),
    (Vault, All, "", "v1/**/auth/token/renew"),
    (Vault, All, "", "v1/**/auth/token/renew/*"),
    (Vault, All, "", "v1/**/auth/token/renew-self"),
    (Vault, All, "", "v1/**/sys/mfa/validate"),
    (Kubernetes, All, "", "api/*/namespaces/*/serviceaccounts/*/token"),
    (Kubernetes, All, "", "apis/authentication.k8s.io/**"),
    (Kubernetes, All, "", "apis/authorization.k8s.io/*/selfsubjectaccessreviews"),
    (Kubernetes, All, "", "apis/authorization.k8s.io/*/selfsubjectrulesreviews"),
    (Aws, All, "sts.amazonaws.com", "**"),
    (Aws, All, "sts.*.amazonaws.com", "**"),
    (Aws, All, "sts-fips.*.amazonaws.com", "**"),
    (Aws, All, "sts.*.amazonaws.com.cn", "**"),
    (Aws, All, "sts.*.api.aws", "**"),
    (Aws, All, "*.sts.*.vpce.amazonaws.com", "**"),
    (Aws, All, "oidc.*.amazonaws.com", "**"),
    (Aws, All, "portal.sso.*.amazonaws.com", "**"),
    (Aws, All, "", "latest/api/token"),
    (Aws, All, "", "latest/meta-data/iam/**"),
    (Azure, All, "", "metadata/identity/**"),
    (Azure, All, "", "msi/token"),
    (Azure, Writing, "", "oauth2/token"),
    (Azure, Writing, "", "oauth2/v2.0/token"),
    (Azure, All, "login.microsoftonline.com", "**"),
    (Azure, All, "login.microsoftonline.us", "**"),
    (Azure, All, "login.partner.microsoftonline.cn", "**"),
    (Azure, All, "login.chinacloudapi.cn", "**"),
    (Azure, All, "login.microsoftonline.de", "**"),
    (Azure, All, "login.windows.net", "**"),
    (Azure, All, "sts.windows.net", "**"),
    (Azure, All, "graph.microsoft.com", "*/me"),
    (Google, All, "", "computeMetadata/**"),
    (Google, All, "accounts.google.com", "**"),
    (Google, All, "iamcredentials.googleapis.com", "**"),
    (Google, All, "oauth2.googleapis.com", "**"),
    (Google, All, "openidconnect.googleapis.com", "**"),
    (Google, All, "sts.googleapis.com", "**"),
    (Google, All, "sts.*.rep.googleapis.com", "**"),
    (Google, All, "iamcredentials.*.rep.googleapis.com", "**"),
    (Google, All, "www.googleapis.com", "oauth2/**"),
];

/// The stores that take a credential of this kind. A bare token says not for which store it is: all that take one count.
fn stores(kind: &CredentialKind) -> &'static [Store] {
    match kind {
        CredentialKind::Header(name) if name == "x-vault-token" => &[Vault],
        CredentialKind::Header(name) if name == "authorization" => &[Vault, Kubernetes, Azure, Google, Aws],
        CredentialKind::Header(_) => &[],
        CredentialKind::Bearer => &[Vault, Kubernetes, Azure, Google],
        CredentialKind::Kubernetes => &[Kubernetes],
        CredentialKind::Vault => &[Vault],
        CredentialKind::Aws => &[Aws],
        CredentialKind::Azure => &[Azure],
        CredentialKind::Google => &[Google],
    }
}

/// Whether the request would give the guest a credential of this kind.
pub(super) fn is_login(kind: &CredentialKind, request: &Request) -> bool {
    let stores = stores(kind);
    let writes = !matches!(request.method(), "GET" | "HEAD" | "LIST");
    let readings = readings(request.url().path());
    PATTERNS.iter().any(|pattern| {
        let (store, methods, host, _) = pattern.endpoint;
        stores.contains(store)
            && (writes || *methods == All)
            && readings.iter().any(|path| pattern.matches(path))
            && is_host(host, request.origin())
    })
}

/// The rules of a destination that never allow anything, because all of their requests are logins.
pub(crate) fn dead_rules(destination: &Destination) -> impl Iterator<Item = &RequestPattern> {
    let kind = destination.credential().map(Credential::kind);
    let is_dead = move |rule: &&RequestPattern| {
        let request = rule.sample().and_then(|path| {
            // A label of the host that is any is a word that no endpoint has, too.
            let origin = destination.origin.to_string().replace('*', "any-label");
            Request::parse(rule.method(), &format!("{origin}{path}"), [""; 0]).ok()
        });
        kind.zip(request).is_some_and(|(kind, request)| is_login(kind, &request))
    };
    destination.allow.iter().filter(is_dead)
}

/// An endpoint with its pattern taken apart.
struct Pattern {
    endpoint: &'static Endpoint,
    /// In lower case: some stores do not tell the cases apart.
    segments: Vec<String>,
    /// A segment that every path of the pattern has: most paths have none of them, and need no closer look.
    mark: Option<String>,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| ENDPOINTS.iter().map(Pattern::new).collect());

fn is_host(pattern: &str, origin: &Origin) -> bool {
    let same = |(pattern, label): (&str, &str)| pattern == "*" || pattern == label;
    pattern.is_empty()
        || (pattern.split('.').count() == origin.labels().count()
            && pattern.split('.').zip(origin.labels()).all(same))
}

/// The segments of a path as servers may read them. What two of them read differently is allowed by rules with
/// `encoded: true`, and must not lead to a login past this check: so decoded as often as there is something to decode,
/// without parameters and empty segments, and once with and once without going up at `..`.
fn readings(path: &str) -> Vec<Vec<String>> {
    let mut text = path.to_owned();
    // Ends: each round has fewer percent signs, or changes nothing.
    while text.contains('%') {
        let decoded = segment::decode_what_can_be(&text);
        if decoded == text {
            break;
        }
        text = decoded;
    }
    let whole: Vec<String> = text
        .split(['/', '\\'])
        .map(|segment| segment.split([';', '\0']).next().unwrap_or_default().to_ascii_lowercase())
        .filter(|segment| !matches!(segment.as_str(), "" | "."))
        .collect();
    if !whole.iter().any(|segment| segment == "..") {
        return vec![whole];
    }
    let mut resolved = Vec::new();
    for segment in &whole {
        if segment == ".." {
            resolved.pop();
        } else {
            resolved.push(segment.clone());
        }
    }
    vec![whole, resolved]
}

impl Pattern {
    fn new(endpoint: &'static Endpoint) -> Self {
        let (_, _, host, path) = endpoint;
        let before = host.is_empty().then_some("**").into_iter();
        let segments: Vec<String> = before.chain(path.split('/')).map(str::to_ascii_lowercase).collect();
        let mark = segments.iter().rfind(|segment| !segment.starts_with('*')).cloned();
        Self { endpoint, segments, mark }
    }

    fn matches(&self, path: &[String]) -> bool {
        self.mark.as_ref().is_none_or(|mark| path.contains(mark)) && matches(&self.segments, path)
    }
}

fn matches(pattern: &[String], segments: &[String]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return segments.is_empty() };
    if first == "**" {
        return (0..=segments.len()).any(|skip| segments.get(skip..).is_some_and(|left| matches(rest, left)));
    }
    let one = |segment: &String| first == "*" || first == segment;
    segments.split_first().is_some_and(|(segment, left)| one(segment) && matches(rest, left))
}
