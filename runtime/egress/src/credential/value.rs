//! A text in a header.

use async_trait::async_trait;
use http::{HeaderName, StatusCode};
use secrecy::SecretString;

use super::{Attach, CredentialError, Outgoing, Text};
use crate::connection::SetupError;

/// Puts a text into one header.
pub(crate) struct HeaderValueOf {
    name: HeaderName,
    prefix: &'static str,
    text: Text,
}

impl HeaderValueOf {
    pub(crate) fn new(name: String, prefix: &'static str, text: Text) -> Result<Self, SetupError> {
        let name = HeaderName::try_from(&name)
            .map_err(|_| SetupError::Client(format!("{name} is no header name")))?;
        Ok(Self { name, prefix, text })
    }
}

#[async_trait]
impl Attach for HeaderValueOf {
    async fn attach(&self, request: &mut Outgoing<'_>) -> Result<Vec<SecretString>, CredentialError> {
        let (value, text) = self.text.header(self.prefix)?;
        request.headers.insert(self.name.clone(), value);
        Ok(vec![text])
    }

    async fn refused(&self, status: StatusCode, used: &[SecretString]) -> bool {
        matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) && self.text.is_newer(used)
    }
}
