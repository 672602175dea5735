//! Every kind of credential and every source of one, as data: what the policy says, what the host has, who gives it out,
//! and which bytes a guest must never read.
//!
//! What is read differs, and what must not come back does not: so one table holds for all rows. A test asks the policy's
//! own parser which kinds, methods and sources there are, and finds each of them here.

mod aws;
mod azure;
mod google;
#[cfg(test)]
mod tests;
mod values;
mod vault;

use portcullis_test_servers::issuer::Grant;

/// One way to a credential.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// How a failure names it.
    pub(super) name: &'static str,
    /// The policy's `credential`. `{source}` is the origin that gives it out: the store itself for a login.
    pub(super) credential: &'static str,
    /// Variables of the host, with `{source}` as above.
    pub(super) variables: &'static [(&'static str, &'static str)],
    /// Files of the host; in these, `{key}` is a private key as JSON has it, and `{pem}` the key and its certificate.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What is given out for what.
    pub(super) grants: &'static [Grant],
    /// The header that it goes in, and the others that are the host's while it does.
    pub(super) header: &'static str,
    /// See [`header`](Self::header).
    pub(super) others: &'static [&'static str],
    /// What stands at the beginning of that header, as the store gets it.
    pub(super) arrives: &'static str,
    /// What the guest reads there, where the store shows its request.
    pub(super) comes_back: &'static str,
    /// What the store knows and shows to whoever asks, beside what is sent to it: masked, all the same. Statements that the
    /// host signs need not be listed.
    pub(super) shown: &'static [&'static str],
    /// What the store never gets: the source alone does, or nobody.
    pub(super) kept: &'static [&'static str],
}

/// A kind that is one text in a header.
const TEXT: Kind = Kind {
    name: "",
    credential: "",
    variables: &[],
    files: &[],
    grants: &[],
    header: "authorization",
    others: &[],
    arrives: "",
    comes_back: "***",
    shown: &[],
    kept: &[],
};

/// The key of accounts and certificates: it opens nothing, and is there for everybody to read.
pub(super) const KEY: &str = include_str!("../../../../../../../runtime/egress/tests/cloud/testdata/key.pem");
/// Its certificate.
pub(super) const CERTIFICATE: &str =
    include_str!("../../../../../../../runtime/egress/tests/cloud/testdata/certificate.pem");

/// The whole table.
pub(super) fn all() -> impl Iterator<Item = &'static Kind> {
    [values::KINDS, vault::KINDS, aws::KINDS, azure::KINDS, google::KINDS].into_iter().flatten()
}
