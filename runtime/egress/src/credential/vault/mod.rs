//! Vault tokens: given, or from a login at the store; renewed before they expire, and made anew where the store no longer
//! takes them.
//!
//! * [`session`]: one token for one destination, and when another is needed.
//! * [`lease`]: a token and its time.
//! * [`login`]: what a login sends; `iam`: one that AWS vouches for.
//! * [`calls`]: the requests to the store itself.
//! * [`answer`]: what the store says, in safe words.

mod answer;
mod calls;
#[cfg_attr(not(feature = "aws"), path = "iam_absent.rs")]
mod iam;
mod lease;
mod login;
mod session;

use std::sync::Arc;

use http::HeaderValue;
use portcullis_policy::network::{VaultCredential, VaultToken};

use super::{Asking, Attach, Text};
use crate::client::Pool;
use crate::connection::SetupError;
use crate::inputs::Inputs;
use calls::Calls;
use login::Login;
use session::{Session, Source};

/// Makes what a policy describes. Nothing is read or asked yet.
pub(super) fn make(
    spec: &VaultCredential,
    inputs: &Arc<dyn Inputs>,
    pool: &Arc<Pool>,
) -> Result<Arc<dyn Attach>, SetupError> {
    let namespace = spec.namespace.as_deref().map(HeaderValue::from_str).transpose();
    let namespace = namespace.map_err(|_| SetupError::Client("no such namespace".to_owned()))?;
    let source = match &spec.token {
        VaultToken::Given { from, renew } => {
            Source::Given { text: Text::new(from.clone(), inputs), renew: *renew }
        }
        VaultToken::Login(login) => Source::Login(Login::new(login, inputs, pool)?),
    };
    let asking = Asking { pool: Arc::clone(pool), source_name: "vault" };
    Ok(Arc::new(Session::new(source, Calls { asking, namespace }, Arc::clone(inputs))))
}
