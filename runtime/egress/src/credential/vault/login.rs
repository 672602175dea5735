//! What a login sends: a path below `auth/`, and a few texts as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use portcullis_policy::AuthorizedDestination;
use portcullis_policy::network::{VaultLogin, VaultMethod};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::calls::wiped;
use super::iam::Iam;
use crate::client::Pool;
use crate::connection::SetupError;
use crate::credential::{CredentialError, Text};
use crate::inputs::Inputs;

/// Room for a body, so that it is not moved while it is written: what it was moved from would not be wiped.
const ROOM: usize = 16 << 10;

/// A login whose texts are read anew each time.
pub(super) struct Login {
    mount: String,
    method: Method,
}

enum Method {
    AppRole { role_id: Text, secret_id: Option<Text> },
    Password { username: String, password: Text },
    Jwt { role: Option<String>, jwt: Text },
    Aws { role: Option<String>, iam: Box<Iam> },
}

/// A login that can be sent.
pub(super) struct Prepared {
    /// Segments below `v1`.
    pub(super) path: Vec<String>,
    body: Zeroizing<Vec<u8>>,
    /// Its secret texts.
    pub(super) secrets: Vec<SecretString>,
    /// Which login it is, for messages.
    pub(super) what: String,
}

impl Prepared {
    pub(super) fn body(&self) -> Bytes {
        wiped(&self.body)
    }
}

impl Login {
    pub(super) fn new(
        login: &VaultLogin,
        inputs: &Arc<dyn Inputs>,
        pool: &Arc<Pool>,
    ) -> Result<Self, SetupError> {
        let text = |source: &_| Text::new(Clone::clone(source), inputs);
        let method = match &login.method {
            VaultMethod::AppRole { role_id, secret_id } => {
                Method::AppRole { role_id: text(role_id), secret_id: secret_id.as_ref().map(text) }
            }
            VaultMethod::Password { username, password, .. } => {
                Method::Password { username: username.clone(), password: text(password) }
            }
            VaultMethod::Jwt { role, jwt, .. } => Method::Jwt { role: role.clone(), jwt: text(jwt) },
            VaultMethod::Aws { role, server_id, identity } => Method::Aws {
                role: role.clone(),
                iam: Box::new(Iam::new(identity, server_id.as_deref(), inputs, pool)?),
            },
            // A method that this crate does not know yet.
            _ => return Err(SetupError::Kind("vault")),
        };
        Ok(Self { mount: login.mount.clone(), method })
    }

    /// Reads what it needs, as it is now.
    pub(super) async fn prepare(
        &self,
        destination: &AuthorizedDestination,
    ) -> Result<Prepared, CredentialError> {
        let (mut role, mut user, mut fields, mut secrets) = (None, None, Vec::new(), Vec::new());
        match &self.method {
            Method::AppRole { role_id, secret_id } => {
                fields.push(("role_id", role_id.get()?));
                if let Some(secret_id) = secret_id {
                    fields.push(("secret_id", secret_id.get()?));
                }
            }
            Method::Password { username, password } => {
                user = Some(username.clone());
                fields.push(("password", password.get()?));
            }
            Method::Jwt { role: name, jwt } => {
                role = name.as_deref();
                fields.push(("jwt", jwt.get()?));
            }
            Method::Aws { role: name, iam } => {
                role = name.as_deref();
                (fields, secrets) = iam.fields(destination).await?;
            }
        }
        let texts = fields.iter().map(|(name, text)| (*name, text.expose_secret()));
        let body = json(role.map(|role| ("role", role)).into_iter().chain(texts));
        let path = std::iter::once("auth").chain(self.mount.split('/')).chain(["login"]).map(str::to_owned);
        if secrets.is_empty() {
            secrets = fields.into_iter().map(|(_, text)| text).collect();
        }
        Ok(Prepared {
            path: path.chain(user).collect(),
            body,
            secrets,
            what: format!("at auth/{}", self.mount),
        })
    }
}

fn json<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Zeroizing<Vec<u8>> {
    let fields: BTreeMap<&str, &str> = fields.collect();
    let mut body = Zeroizing::new(Vec::with_capacity(ROOM));
    // Texts in memory can always be written as JSON.
    let _ = serde_json::to_writer(&mut *body, &fields);
    body
}
