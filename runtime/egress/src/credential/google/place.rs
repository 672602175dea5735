//! Where a credential file may lead: to Google, or where the policy says.

use std::collections::BTreeSet;

use portcullis_policy::network::{MetadataService, Origin, Scheme, SourceEndpoint};
use url::Url;

use super::super::CredentialError;
use super::super::cloud::Ask;

/// A URL that may be asked.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) url: String,
    pub(super) endpoint: SourceEndpoint,
}

/// Reads the URL that stands under `key` of a credential file.
pub(super) fn place(
    ask: &Ask<'_>,
    endpoints: &BTreeSet<Origin>,
    key: &str,
    text: &str,
) -> Result<Place, CredentialError> {
    decide(endpoints, text).map_err(|problem| ask.error(format!("`{key}` of the credential file {problem}")))
}

/// The same for a URL that gives a token of another issuer: the metadata service of another cloud may be one.
pub(super) fn subject_place(
    ask: &Ask<'_>,
    endpoints: &BTreeSet<Origin>,
    key: &str,
    text: &str,
) -> Result<Place, CredentialError> {
    let service = MetadataService::Azure;
    let url = Url::parse(text).ok();
    let own = service.origin().to_string();
    match url.filter(|url| url.origin().ascii_serialization() == own) {
        Some(url) => Ok(Place { url: url.into(), endpoint: SourceEndpoint::Metadata(service) }),
        None => place(ask, endpoints, key, text),
    }
}

fn decide(endpoints: &BTreeSet<Origin>, text: &str) -> Result<Place, &'static str> {
    let url = Url::parse(text).map_err(|_| "is no URL")?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("has a user name or a fragment: remove it");
    }
    let origin: Origin =
        url.origin().ascii_serialization().parse().map_err(|_| "has an origin that cannot be")?;
    let endpoint = if endpoints.contains(&origin) {
        SourceEndpoint::Named(origin)
    } else if is_google(&origin) {
        SourceEndpoint::Public(origin)
    } else {
        return Err(
            "leads elsewhere than to Google: add its origin to `endpoints` of the credential if that is right",
        );
    };
    Ok(Place { url: url.into(), endpoint })
}

fn is_google(origin: &Origin) -> bool {
    let host = origin.host();
    let is_host = host == "accounts.google.com" || host.ends_with(".googleapis.com");
    is_host && origin.scheme() == Scheme::Https && origin.port() == 443
}

#[cfg(test)]
mod tests {
    use super::{SourceEndpoint, decide};

    #[test]
    fn a_credential_file_leads_to_google_or_where_the_policy_says() {
        let endpoints = ["https://token.corp.example".parse().unwrap()].into();
        let table = [
            ("https://oauth2.googleapis.com/token", "public"),
            ("https://accounts.google.com/o/oauth2/token", "public"),
            ("https://sts.europe-west1.rep.googleapis.com/v1/token", "public"),
            ("https://token.corp.example/x", "named"),
            ("https://token.corp.example:444/x", "refused"),
            ("http://oauth2.googleapis.com/token", "refused"),
            ("https://oauth2.googleapis.com:8443/token", "refused"),
            ("https://googleapis.com.evil.example/token", "refused"),
            ("https://evilgoogleapis.com/token", "refused"),
            ("https://u:p@oauth2.googleapis.com/token", "refused"),
            ("https://oauth2.googleapis.com/token#x", "refused"),
            ("http://169.254.169.254/token", "refused"),
            ("file:///etc/passwd", "refused"),
            ("token", "refused"),
        ];
        for (url, expected) in table {
            let found = match decide(&endpoints, url).map(|place| place.endpoint) {
                Ok(SourceEndpoint::Public(_)) => "public",
                Ok(SourceEndpoint::Named(_)) => "named",
                Ok(_) => "other",
                Err(_) => "refused",
            };
            assert_eq!(found, expected, "{url}");
        }
    }
}
