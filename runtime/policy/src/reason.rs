//! Stable codes for every "no": in errors, audit records and metric labels.

use std::fmt;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal,)+) => {
        /// Why something was refused or stopped. The code is stable: dashboards and alerts may rely on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Reason {
            /// Every reason, in the order in which a policy makes its checks.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code, as `area.what`.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    };
}

reasons! {
    /// A user name or password inside the URL.
    NetUserinfo = "net.userinfo",
    /// A host that is not written in its canonical form.
    NetNoncanonicalHost = "net.noncanonical_host",
    /// A request to an origin that no destination names.
    NetUnknownOrigin = "net.unknown_origin",
    /// A method that no rule of the destination allows.
    NetMethod = "net.method",
    /// A path that no rule of the destination allows.
    NetPath = "net.path",
    /// An endpoint that would give the guest a credential, where the host attaches its own.
    NetLogin = "net.login",
    /// A query, or a query key, that the destination does not allow.
    NetQuery = "net.query",
    /// A header that the guest may not set.
    NetHeader = "net.header",
    /// The name resolved to a special address: link-local, metadata, multicast, reserved.
    NetAddrSpecial = "net.addr_special",
    /// The name resolved to a private address that the destination does not list.
    NetAddrPrivate = "net.addr_private",
    /// The name resolved to addresses of more than one class.
    NetAddrMixed = "net.addr_mixed",
    /// The answer was a redirect.
    NetRedirect = "net.redirect",
    /// More requests in one call than `limits.requests`.
    NetLimitRequests = "net.limit_requests",
    /// A request or response body over its cap.
    NetLimitBytes = "net.limit_bytes",
    /// A request outlived its deadline.
    NetDeadline = "net.deadline",
    /// A path outside every mount, or a link that leaves its mount.
    FsOutside = "fs.outside",
    /// A change to something granted read-only.
    FsReadonly = "fs.readonly",
    /// A device, FIFO or socket: only regular files and folders are opened.
    FsSpecialFile = "fs.special_file",
    /// More entries, bytes or open files than `limits.entries`, `limits.file_bytes` or `limits.open_files`.
    FsLimit = "fs.limit",
    /// An environment variable that the policy does not name.
    EnvDenied = "env.denied",
    /// The component imports an interface that the policy does not link.
    LinkUnlinkedImport = "link.unlinked_import",
    /// The guest computed for longer than `limits.cpu`.
    CpuDeadline = "cpu.deadline",
    /// The call took longer than `limits.wall`.
    WallDeadline = "wall.deadline",
    /// The guest asked for more than `limits.memory`.
    MemLimit = "mem.limit",
    /// A resolution for a handle that was not requested.
    ResultUnknownHandle = "result.unknown_handle",
    /// A value over `limits.value`, or a batch over `limits.batch`.
    ResultSize = "result.size",
    /// Two resolutions for one handle.
    ResultDuplicate = "result.duplicate",
    /// No resolution for a handle that was requested.
    ResultMissingHandle = "result.missing_handle",
    /// The component's bytes do not have the digest that the policy names.
    IntegrityDigest = "integrity.digest",
    /// The component's signature is missing or wrong.
    IntegritySignature = "integrity.signature",
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_distinct_and_well_formed() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for code in codes {
            let (area, what) = code.split_once('.').expect("area and what");
            let well_formed =
                |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(well_formed(area) && well_formed(what), "{code}");
        }
    }
}
