//! Google: an access token of a service account, a user, another issuer's identity, or the machine.
//!
//! * [`source`]: which of them.
//! * [`file`]: the kinds of credential files. [`place`]: where such a file may lead.
//! * [`account`], [`user`], [`external`], [`metadata`]: how each comes to a token. [`impersonate`]: one token for another.

mod account;
mod external;
mod file;
mod impersonate;
mod metadata;
mod place;
mod source;
mod user;

use std::sync::Arc;

use portcullis_policy::network::GoogleCredential;

use super::cloud::{Bearing, Kept};
use super::{Asking, Attach};
use crate::client::Pool;
use crate::inputs::Inputs;

/// Makes what attaches a token to the requests of a destination.
pub(super) fn make(spec: &GoogleCredential, inputs: &Arc<dyn Inputs>, pool: &Arc<Pool>) -> Arc<dyn Attach> {
    let asking = Asking { pool: Arc::clone(pool), source_name: "google" };
    Arc::new(Bearing(Kept::new(source::GoogleTokens::new(spec.clone()), asking, inputs)))
}
