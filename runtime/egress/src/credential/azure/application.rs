//! An application asks the directory for a token.

use portcullis_policy::network::{Origin, SourceEndpoint};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::CredentialError;
use super::super::cloud::{Ask, form, token};
use super::certificate::statement;
use super::source::Answer;

/// An application of a directory.
pub(super) struct Application<'a> {
    pub(super) tenant: String,
    pub(super) client: String,
    /// Where the policy says.
    pub(super) authority: Option<&'a Origin>,
    pub(super) scope: &'a str,
}

/// What proves that it is this application.
pub(super) enum Proof {
    Secret(SecretString),
    /// Certificate and key, as PEM.
    Certificate {
        pem: SecretString,
        chain: bool,
    },
    /// A token of an issuer that the application trusts.
    Statement(SecretString),
}

/// The directories of Azure's clouds; the first is that of the public one.
const AUTHORITIES: [&str; 4] = [
    "https://login.microsoftonline.com",
    "https://login.microsoftonline.us",
    "https://login.partner.microsoftonline.cn",
    "https://login.chinacloudapi.cn",
];

const STATEMENT: (&str, &str) =
    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

impl Application<'_> {
    /// Asks for a token.
    pub(super) async fn token(&self, ask: &Ask<'_>, proof: &Proof) -> Result<Answer, CredentialError> {
        let (origin, endpoint) = self.authority(ask)?;
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        if !self.tenant.bytes().all(is_name) {
            return Err(ask.error("AZURE_TENANT_ID is no identifier and no domain"));
        }
        let url = format!("{origin}/{}/oauth2/v2.0/token", self.tenant);
        let secret = match proof {
            Proof::Secret(secret) | Proof::Statement(secret) => secret.clone(),
            Proof::Certificate { pem, chain } => {
                statement(ask, pem, *chain, &self.client, &url).map_err(|problem| ask.error(problem))?
            }
        };
        let mut fields =
            vec![("grant_type", "client_credentials"), ("client_id", &self.client), ("scope", self.scope)];
        match proof {
            Proof::Secret(_) => fields.push(("client_secret", secret.expose_secret())),
            Proof::Certificate { .. } | Proof::Statement(_) => {
                fields.extend([STATEMENT, ("client_assertion", secret.expose_secret())]);
            }
        }
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
        let request = ask.request("POST", &url, &headers, form(&fields))?;
        let response = ask.send(endpoint, request).await?;
        let (text, expires) = token(ask, "the directory", &response)?;
        Ok((text, expires, vec![secret]))
    }

    /// Who gives tokens. A variable may choose among Azure's own clouds, and sends a secret nowhere else.
    fn authority(&self, ask: &Ask<'_>) -> Result<(Origin, SourceEndpoint), CredentialError> {
        if let Some(origin) = self.authority {
            return Ok((origin.clone(), SourceEndpoint::Named(origin.clone())));
        }
        let of_host = ask.setting("AZURE_AUTHORITY_HOST").map(|text| text.trim_end_matches('/').to_owned());
        let [public, ..] = AUTHORITIES;
        let text = of_host.as_deref().unwrap_or(public);
        let text = text.strip_prefix("https://").unwrap_or(text);
        let known = AUTHORITIES.into_iter().find(|known| known.strip_prefix("https://") == Some(text));
        let origin: Option<Origin> = known.and_then(|known| known.parse().ok());
        let origin = origin.ok_or_else(|| {
            ask.error(format!(
                "AZURE_AUTHORITY_HOST is none of {}: name the endpoint as `authority` of the credential",
                AUTHORITIES.join(", ")
            ))
        })?;
        Ok((origin.clone(), SourceEndpoint::Public(origin)))
    }
}
