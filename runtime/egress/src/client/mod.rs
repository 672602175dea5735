//! The client of one provider.

mod builder;
mod known;
mod places;
mod pool;
mod send;

use std::collections::HashMap;
use std::sync::Arc;

use portcullis_policy::AuthorizedRequest;

pub use builder::ClientBuilder;
use known::Known;
use places::Places;
pub(crate) use pool::Pool;
pub use send::GuestTimeouts;

use crate::credential::Attach;
use crate::{RequestBody, ResponseBody, SendError};

/// Sends the authorised requests of one provider. Connections stay open between batches; another provider, or the same one
/// under another policy, has a client of its own, and shares neither connections nor TLS sessions with it.
pub struct Client {
    pool: Arc<Pool>,
    places: Places,
    known: Known,
    /// By the name of the destination.
    credentials: HashMap<String, Arc<dyn Attach>>,
}

impl Client {
    /// Sends a request and waits for the headers of its answer.
    ///
    /// `headers` are the guest's: those that the request was authorised with are sent, all others are left out.
    /// `timeouts` may shorten the times of the policy and never lengthen them.
    ///
    /// # Errors
    /// [`SendError`] says which part failed. The answer's body may still end early with one.
    pub async fn send(
        &self,
        request: &AuthorizedRequest,
        headers: &http::HeaderMap,
        body: RequestBody,
        timeouts: GuestTimeouts,
    ) -> Result<http::Response<ResponseBody>, SendError> {
        send::send(self, request, headers, body, timeouts).await
    }

    /// Masks the credentials that were attached lately in bytes of the guest's: a log line, a message. Whether there was one.
    /// Defence in depth: the guest has had no way to them.
    pub fn scrub(&self, bytes: &mut [u8]) -> bool {
        self.known.scrub(bytes)
    }

    /// The same in a text.
    pub fn scrub_text(&self, text: &mut String) {
        let mut bytes = std::mem::take(text).into_bytes();
        self.known.scrub(&mut bytes);
        // A form is made of whole characters.
        *text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut names: Vec<&String> = self.credentials.keys().collect();
        names.sort();
        f.debug_struct("Client").field("credentials", &names).finish_non_exhaustive()
    }
}
