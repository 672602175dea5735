//! The proxy: its settings have variables that all programs read, behind the agent's own.

/// The variables of each setting: the first that is set counts.
pub(super) const NAMED: &[(&str, &[&str])] = &[
    ("proxy.http", &["DD_PROXY_HTTP", "HTTP_PROXY", "http_proxy"]),
    ("proxy.https", &["DD_PROXY_HTTPS", "HTTPS_PROXY", "https_proxy"]),
    ("proxy.no_proxy", &["DD_PROXY_NO_PROXY", "NO_PROXY", "no_proxy"]),
];

/// Whether all programs read it.
pub(super) fn is_standard(variable: &str) -> bool {
    NAMED.iter().any(|(_, variables)| variables.contains(&variable))
}

/// The items of a variable that lists hosts without a proxy. Nothing for others.
///
/// Agents part their own at blanks, later ones at commas too; the other is parted at commas everywhere.
pub(super) fn items<'v>(variable: &str, text: &'v str) -> Option<Vec<&'v str>> {
    let separators: &[char] = match variable {
        "DD_PROXY_NO_PROXY" => &[' ', ','],
        "NO_PROXY" | "no_proxy" => &[','],
        _ => return None,
    };
    Some(text.split(separators).filter(|item| !item.is_empty()).collect())
}
