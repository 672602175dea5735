//! What a source reaches beyond what its policy names: what variables of the host say, as the clouds' own tools read them.

use super::{AwsSource, AzureSource, Credential, CredentialSpec, GoogleSource};

/// Names that only the host can turn into files and ports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostNames {
    /// Variables that hold the path of a file.
    pub files: &'static [&'static str],
    /// Paths below the home folder.
    pub home: &'static [&'static str],
    /// Variables that hold a URL.
    pub urls: &'static [&'static str],
}

const AWS: HostNames = HostNames {
    files: &[
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ],
    home: &[".aws/config", ".aws/credentials"],
    urls: &["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
};

const AZURE: HostNames = HostNames {
    files: &["AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"],
    home: &[],
    urls: &["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_AUTHORITY_HOST"],
};

const GOOGLE: HostNames = HostNames {
    files: &["GOOGLE_APPLICATION_CREDENTIALS"],
    home: &[".config/gcloud/application_default_credentials.json"],
    urls: &[],
};

impl Credential {
    /// What its source looks for where variables of the host point. Nothing where the policy names all of it.
    pub const fn host_names(&self) -> HostNames {
        const NONE: HostNames = HostNames { files: &[], home: &[], urls: &[] };
        match &self.spec {
            CredentialSpec::Aws(aws) if !matches!(aws.from, AwsSource::Keys(_) | AwsSource::Environment) => {
                AWS
            }
            CredentialSpec::Azure(azure)
                if !matches!(azure.from, AzureSource::Secret(_) | AzureSource::Certificate { .. }) =>
            {
                AZURE
            }
            CredentialSpec::Google(google) if matches!(google.from, GoogleSource::Default) => GOOGLE,
            _ => NONE,
        }
    }
}
