//! Which policy key grants an interface, and how an import is linked.

/// How a sandbox links an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// The interface carries no authority: linked for every component.
    Open,
    /// Linked to an implementation that denies every call with a typed error.
    Denying,
    /// Linked to the real implementation, which accepts authorised values only.
    Granted,
}

/// What decides whether an import is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportKey {
    /// No authority: always linked.
    Open,
    /// The `filesystem` section.
    Filesystem,
    /// The `network` section.
    Network,
    /// The `sockets` section.
    Sockets,
    /// Nothing: no policy can link it.
    Unknown,
}

impl ImportKey {
    /// The key of the provider's section, where one decides.
    pub const fn section(self) -> Option<&'static str> {
        match self {
            Self::Filesystem => Some("filesystem"),
            Self::Network => Some("network"),
            Self::Sockets => Some("sockets"),
            Self::Open | Self::Unknown => None,
        }
    }

    /// The form of the section that links the interface and grants nothing.
    pub const fn empty_form(self) -> Option<&'static str> {
        match self {
            Self::Filesystem => Some("filesystem: []"),
            Self::Network => Some("network: []"),
            Self::Sockets => Some("sockets: none"),
            Self::Open | Self::Unknown => None,
        }
    }
}

/// The key that decides about `interface`, written as a component imports it: `wasi:filesystem/types@0.2.12`.
///
/// Interfaces are compared by package and name; every 0.2 version of WASI is taken, since guests ask for the one
/// that their toolchain was built with.
///
/// ```
/// use portcullis_policy::{ImportKey, import_key};
/// assert_eq!(import_key("wasi:clocks/wall-clock@0.2.3"), ImportKey::Open);
/// assert_eq!(import_key("wasi:http/outgoing-handler@0.2.0"), ImportKey::Network);
/// assert_eq!(import_key("wasi:nn/tensor@0.2.0"), ImportKey::Unknown);
/// ```
pub fn import_key(interface: &str) -> ImportKey {
    let Some((package, name, version)) = split(interface) else { return ImportKey::Unknown };
    match (package, name) {
        ("portcullis:secrets", "types") if is_line(version, "0.1.") => ImportKey::Open,
        _ if !is_line(version, "0.2.") => ImportKey::Unknown,
        ("wasi:io" | "wasi:clocks" | "wasi:random", _) | ("wasi:config", "store") => ImportKey::Open,
        ("wasi:cli", "environment" | "exit" | "stdin" | "stdout" | "stderr") => ImportKey::Open,
        ("wasi:cli", name) if name.starts_with("terminal-") => ImportKey::Open,
        ("wasi:http", _) => ImportKey::Network,
        ("wasi:filesystem", _) => ImportKey::Filesystem,
        ("wasi:sockets", _) => ImportKey::Sockets,
        _ => ImportKey::Unknown,
    }
}

fn split(interface: &str) -> Option<(&str, &str, &str)> {
    let (path, version) = interface.split_once('@')?;
    let (package, name) = path.split_once('/')?;
    Some((package, name, version))
}

/// Whether `version` is of the compatible line `line` (`0.2.`): a patch number, perhaps with a pre-release.
fn is_line(version: &str, line: &str) -> bool {
    version.strip_prefix(line).is_some_and(|patch| patch.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_are_compared_by_package_name_and_line() {
        use ImportKey::{Filesystem, Network, Open, Sockets, Unknown};
        let table = [
            ("wasi:io/streams@0.2.0", Open),
            ("wasi:io/error@0.2.12", Open),
            ("wasi:clocks/monotonic-clock@0.2.6", Open),
            ("wasi:random/insecure-seed@0.2.3", Open),
            ("wasi:cli/environment@0.2.0", Open),
            ("wasi:cli/terminal-stdout@0.2.4", Open),
            ("wasi:cli/run@0.2.0", Unknown),
            ("wasi:config/store@0.2.0-rc.1", Open),
            ("portcullis:secrets/types@0.1.0", Open),
            ("portcullis:secrets/types@0.2.0", Unknown),
            ("portcullis:secrets/provider@0.1.0", Unknown),
            ("wasi:http/types@0.2.8", Network),
            ("wasi:http/outgoing-handler@0.2.0", Network),
            ("wasi:filesystem/types@0.2.12", Filesystem),
            ("wasi:filesystem/preopens@0.2.0", Filesystem),
            ("wasi:sockets/tcp@0.2.3", Sockets),
            ("wasi:filesystem/types@0.3.0", Unknown),
            ("wasi:filesystem/types@0.20.0", Unknown),
            ("wasi:filesystem/types", Unknown),
            ("wasi:filesystem", Unknown),
            ("wasi:keyvalue/store@0.2.0", Unknown),
            ("evil:filesystem/types@0.2.0", Unknown),
            ("", Unknown),
        ];
        for (interface, key) in table {
            assert_eq!(import_key(interface), key, "{interface}");
        }
    }
}
