//! Which identity asks for the token.

use std::time::SystemTime;

use async_trait::async_trait;
use portcullis_policy::network::{AzureCredential, AzureSource, CredentialSource, MetadataService};
use secrecy::SecretString;

use super::super::CredentialError;
use super::super::cloud::{Ask, Made, Metadata, Source, Token};
use super::application::{Application, Proof};
use super::managed;

/// The source of one credential.
pub(super) struct AzureTokens {
    spec: AzureCredential,
}

/// A token, when it expires, and the secrets that it was made with.
pub(super) type Answer = (SecretString, SystemTime, Vec<SecretString>);

/// The identities of the chain that may be asked, as `AZURE_TOKEN_CREDENTIALS` narrows it.
struct Chain {
    environment: bool,
    workload: bool,
    managed: bool,
}

impl Chain {
    fn of_host(ask: &Ask<'_>) -> Result<Self, CredentialError> {
        let name = ask.setting("AZURE_TOKEN_CREDENTIALS").unwrap_or_default().to_ascii_lowercase();
        let only = |environment, workload, managed| Ok(Self { environment, workload, managed });
        match name.as_str() {
            "" | "prod" => only(true, true, true),
            "environmentcredential" => only(true, false, false),
            "workloadidentitycredential" => only(false, true, false),
            "managedidentitycredential" => only(false, false, true),
            _ => Err(ask.error(
                "AZURE_TOKEN_CREDENTIALS names an identity that a tool is started for: nothing is executed to get a credential; \
                 set it to `prod`, or name the identity in `from`",
            )),
        }
    }
}

impl AzureTokens {
    pub(super) const fn new(spec: AzureCredential) -> Self {
        Self { spec }
    }

    fn tenant(&self, ask: &Ask<'_>) -> Option<String> {
        self.spec.tenant.clone().or_else(|| ask.setting("AZURE_TENANT_ID"))
    }

    fn client(&self, ask: &Ask<'_>) -> Option<String> {
        self.spec.client.clone().or_else(|| ask.setting("AZURE_CLIENT_ID"))
    }

    /// The application that policy and variables name.
    fn application(&self, ask: &Ask<'_>) -> Result<Application<'_>, CredentialError> {
        let missing = |name: &str| CredentialError::Variable(name.to_owned());
        Ok(Application {
            tenant: self.tenant(ask).ok_or_else(|| missing("AZURE_TENANT_ID"))?,
            client: self.client(ask).ok_or_else(|| missing("AZURE_CLIENT_ID"))?,
            authority: self.spec.authority.as_ref(),
            scope: &self.spec.scope,
        })
    }

    /// What the variables prove; nothing where they are not set.
    fn proof_of_host(&self, ask: &Ask<'_>) -> Result<Option<Proof>, CredentialError> {
        if let Some(secret) = ask.secret("AZURE_CLIENT_SECRET") {
            return Ok(Some(Proof::Secret(secret)));
        }
        let Some(path) = ask.setting("AZURE_CLIENT_CERTIFICATE_PATH") else { return Ok(None) };
        let chain = ask.setting("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN");
        let chain = chain.is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true"));
        Ok(Some(Proof::Certificate { pem: ask.inputs.file_text(path.as_ref())?, chain }))
    }

    fn workload_of_host(ask: &Ask<'_>) -> Result<Option<Proof>, CredentialError> {
        let Some(path) = ask.setting("AZURE_FEDERATED_TOKEN_FILE") else { return Ok(None) };
        Ok(Some(Proof::Statement(ask.inputs.file_text(path.as_ref())?)))
    }

    async fn managed(&self, ask: &Ask<'_>) -> Result<Answer, CredentialError> {
        let metadata = Metadata { service: MetadataService::Azure, named: self.spec.metadata.clone() };
        let resource = self.spec.scope.strip_suffix("/.default").unwrap_or(&self.spec.scope);
        let client = self.client(ask);
        let (token, expires) = managed::token(ask, &metadata, resource, client.as_deref()).await?;
        Ok((token, expires, Vec::new()))
    }

    async fn given(
        &self,
        ask: &Ask<'_>,
        from: &CredentialSource,
        proof: fn(SecretString) -> Proof,
    ) -> Result<Answer, CredentialError> {
        let proof = proof(ask.inputs.text(from)?);
        self.application(ask)?.token(ask, &proof).await
    }

    /// The first that is there. One that is there and fails is an error: the next could be somebody else.
    async fn chain(&self, ask: &Ask<'_>) -> Result<Answer, CredentialError> {
        let chain = Chain::of_host(ask)?;
        if self.tenant(ask).is_some() && self.client(ask).is_some() {
            let of_environment = if chain.environment { self.proof_of_host(ask)? } else { None };
            let proof = match of_environment {
                None if chain.workload => Self::workload_of_host(ask)?,
                found => found,
            };
            if let Some(proof) = proof {
                return self.application(ask)?.token(ask, &proof).await;
            }
        }
        if chain.managed {
            return self.managed(ask).await;
        }
        Err(ask.error("AZURE_TOKEN_CREDENTIALS allows one identity, and its variables are not set"))
    }
}

#[async_trait]
impl Source for AzureTokens {
    type Value = Token;

    async fn make(&self, ask: &Ask<'_>) -> Result<Made<Token>, CredentialError> {
        let (text, expires, made_with) = match &self.spec.from {
            AzureSource::Chain => self.chain(ask).await,
            AzureSource::Environment => {
                let proof = self.proof_of_host(ask)?.ok_or_else(|| {
                    ask.error("neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set")
                })?;
                self.application(ask)?.token(ask, &proof).await
            }
            AzureSource::Workload(None) => {
                let proof = Self::workload_of_host(ask)?
                    .ok_or_else(|| CredentialError::Variable("AZURE_FEDERATED_TOKEN_FILE".to_owned()))?;
                self.application(ask)?.token(ask, &proof).await
            }
            AzureSource::Secret(from) => self.given(ask, from, Proof::Secret).await,
            AzureSource::Workload(Some(from)) => self.given(ask, from, Proof::Statement).await,
            AzureSource::Certificate { pem, chain } => {
                let proof = Proof::Certificate { pem: ask.inputs.text(pem)?, chain: *chain };
                self.application(ask)?.token(ask, &proof).await
            }
            AzureSource::Managed => self.managed(ask).await,
            _ => Err(ask.error("this build does not know this source")),
        }?;
        Ok(Made { value: Token::new(ask, text, made_with)?, expires: Some(expires) })
    }
}
