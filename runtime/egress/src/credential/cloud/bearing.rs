//! An access token in the `Authorization` header.

use async_trait::async_trait;
use http::{HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::super::{Attach, CredentialError, Outgoing};
use super::ask::Ask;
use super::kept::{Kept, Source};

/// An access token.
pub(crate) struct Token {
    text: SecretString,
    header: HeaderValue,
    /// What it was made with: never sent to the store, and not to come back from it either.
    made_with: Vec<SecretString>,
}

impl Token {
    pub(crate) fn new(
        ask: &Ask<'_>,
        text: SecretString,
        made_with: Vec<SecretString>,
    ) -> Result<Self, CredentialError> {
        let line = Zeroizing::new(format!("Bearer {}", text.expose_secret()));
        let mut header = HeaderValue::from_str(&line)
            .map_err(|_| ask.error("the token is not one line of printable text"))?;
        header.set_sensitive(true);
        Ok(Self { text, header, made_with })
    }
}

/// Attaches the token of a source.
pub(crate) struct Bearing<S: Source<Value = Token>>(pub(crate) Kept<S>);

#[async_trait]
impl<S: Source<Value = Token>> Attach for Bearing<S> {
    async fn attach(&self, request: &mut Outgoing<'_>) -> Result<Vec<SecretString>, CredentialError> {
        let token = self.0.get(request.destination).await?;
        request.headers.insert(header::AUTHORIZATION, token.header.clone());
        Ok(std::iter::once(&token.text).chain(&token.made_with).cloned().collect())
    }

    /// 401 is about the token; 403 is about what it may do, which a new one does not change.
    async fn refused(&self, status: StatusCode, used: &[SecretString]) -> bool {
        let is_used =
            |token: &Token| used.iter().any(|text| text.expose_secret() == token.text.expose_secret());
        status == StatusCode::UNAUTHORIZED && self.0.refused(is_used)
    }
}
