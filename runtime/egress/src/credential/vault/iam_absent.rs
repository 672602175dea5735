//! The `aws` login in a build without the feature `aws`: there is none.

use std::sync::Arc;

use portcullis_policy::AuthorizedDestination;
use portcullis_policy::network::AwsCredential;
use secrecy::SecretString;

use crate::client::Pool;
use crate::connection::SetupError;
use crate::credential::CredentialError;
use crate::inputs::Inputs;

/// Cannot be made.
pub(super) enum Iam {}

impl Iam {
    pub(super) const fn new(
        _identity: &AwsCredential,
        _server_id: Option<&str>,
        _inputs: &Arc<dyn Inputs>,
        _pool: &Arc<Pool>,
    ) -> Result<Self, SetupError> {
        Err(SetupError::Kind("aws"))
    }

    pub(super) async fn fields(
        &self,
        _destination: &AuthorizedDestination,
    ) -> Result<(Vec<(&'static str, SecretString)>, Vec<SecretString>), CredentialError> {
        match *self {}
    }
}
