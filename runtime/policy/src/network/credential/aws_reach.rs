//! What a source of AWS's keys reads and connects to: known before it is asked, so that all else can be given up.

use std::path::Path;

use super::aws::{AwsCredential, AwsProfile, AwsSource, AwsWebIdentity};
use super::source::CredentialSource;
use crate::network::Origin;

/// The port of AWS's own services.
const TLS: u16 = 443;
/// The port of a metadata service.
const PLAIN: u16 = 80;

impl AwsCredential {
    /// The files that a policy names. Those that variables of the host name are not among them.
    pub(super) fn files(&self) -> Vec<&Path> {
        let mut sources: Vec<&CredentialSource> = Vec::new();
        let mut paths: Vec<&Path> = Vec::new();
        match &self.from {
            AwsSource::Keys(keys) => sources.extend([&keys.id, &keys.secret].into_iter().chain(&keys.token)),
            AwsSource::WebIdentity(Some(AwsWebIdentity { token, .. })) => sources.push(token),
            AwsSource::Profile(AwsProfile { config, credentials, .. }) => {
                paths.extend([config, credentials].into_iter().flatten().map(AsRef::<Path>::as_ref));
            }
            _ => {}
        }
        sources.extend(self.role.iter().filter_map(|role| role.external_id.as_ref()));
        paths.extend(sources.into_iter().filter_map(CredentialSource::file));
        paths
    }

    /// The ports that its services are asked at. A container's service at a place of its own is not among them.
    pub(super) fn ports(&self) -> Vec<u16> {
        let (sts, metadata) = match &self.from {
            AwsSource::Environment | AwsSource::Keys(_) => (false, false),
            AwsSource::WebIdentity(_) => (true, false),
            AwsSource::Container | AwsSource::Instance => (false, true),
            // A profile may name a role, a token or a metadata service.
            AwsSource::Chain | AwsSource::Profile(_) => (true, true),
        };
        let sts = (sts || self.role.is_some()).then(|| self.sts.as_ref().map_or(TLS, Origin::port));
        let metadata = metadata.then(|| self.metadata.as_ref().map_or(PLAIN, Origin::port));
        sts.into_iter().chain(metadata).collect()
    }
}
