//! AWS: requests are signed, with keys from the standard chain.
//!
//! The sources are our own, over the crate's one client: those of AWS's kit read files and variables past whoever embeds this.
//!
//! * [`sign`]: the signature, by AWS's own signer.
//! * [`attach`]: what is added to a request.
//! * [`source`]: which source is asked, and in which region.
//! * [`profile`] and [`ini`]: the shared files. [`container`], [`instance`], [`sts`]: services that give keys.

mod attach;
mod container;
mod ini;
mod instance;
mod profile;
mod sign;
mod source;
mod sts;

use std::sync::Arc;

use aws_credential_types::Credentials;
use portcullis_policy::network::AwsCredential;

use super::cloud::Kept;
use super::{Asking, Attach};
use crate::client::Pool;
use crate::inputs::Inputs;
pub(super) use sign::{Scope, Unsigned, sign};
pub(super) use source::AwsKeysSource;

/// Makes what signs the requests of a destination.
pub(super) fn make(spec: &AwsCredential, inputs: &Arc<dyn Inputs>, pool: &Arc<Pool>) -> Arc<dyn Attach> {
    let (service, region) = (spec.service.clone(), spec.region.clone());
    Arc::new(attach::Signing::new(service, region, keys(spec, inputs, pool)))
}

/// The keys that a policy describes, for whoever signs with them.
pub(super) fn keys(spec: &AwsCredential, inputs: &Arc<dyn Inputs>, pool: &Arc<Pool>) -> Kept<AwsKeysSource> {
    let asking = Asking { pool: Arc::clone(pool), source_name: "aws" };
    Kept::new(AwsKeysSource::new(spec.clone()), asking, inputs)
}

/// Keys as AWS's signer takes them. `name` is the source, for the signer's own log.
fn credentials(
    id: &str,
    secret: &str,
    token: Option<&str>,
    expires: Option<std::time::SystemTime>,
    name: &'static str,
) -> Credentials {
    Credentials::new(id, secret, token.map(str::to_owned), expires, name)
}

#[cfg(test)]
mod tests;
