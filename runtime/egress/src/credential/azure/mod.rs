//! Azure: an access token of the directory, or of the platform that the process runs on.
//!
//! * [`source`]: which of them.
//! * [`application`]: an application shows a secret, a certificate or somebody else's token. [`certificate`]: the statement that
//!   a certificate's key signs.
//! * [`managed`]: the identity of a machine, service or container. [`arc`]: that of a machine elsewhere.

mod application;
mod arc;
mod certificate;
mod managed;
mod source;

use std::sync::Arc;

use portcullis_policy::network::AzureCredential;

use super::cloud::{Bearing, Kept};
use super::{Asking, Attach};
use crate::client::Pool;
use crate::inputs::Inputs;

/// Makes what attaches a token to the requests of a destination.
pub(super) fn make(spec: &AzureCredential, inputs: &Arc<dyn Inputs>, pool: &Arc<Pool>) -> Arc<dyn Attach> {
    let asking = Asking { pool: Arc::clone(pool), source_name: "azure" };
    Arc::new(Bearing(Kept::new(source::AzureTokens::new(spec.clone()), asking, inputs)))
}
