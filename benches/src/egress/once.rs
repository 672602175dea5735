//! One request, by us and by the library alone: what is timed, and whose instructions are counted.

use std::hint::black_box;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use portcullis_egress::{Client, GuestTimeouts, RequestBody};
use portcullis_policy::{AuthorizedRequest, Request};

use super::store::{CREDENTIAL, Site};

/// Two clients of one site. Each keeps its connection open.
pub(super) struct Once {
    site: Site,
    ours: Arc<Client>,
    bare: reqwest::Client,
    headers: http::HeaderMap,
}

impl Once {
    pub(super) fn new(site: Site) -> anyhow::Result<Self> {
        Ok(Self { ours: site.client()?, bare: site.bare()?, site, headers: http::HeaderMap::new() })
    }

    /// Read and decided.
    pub(super) fn decide(&self) -> anyhow::Result<AuthorizedRequest> {
        let request = Request::parse("GET", black_box(&self.site.url), [""; 0])?;
        Ok(self.site.policy.decide_request(&request)?)
    }

    /// Read, decided, credentialed, sent and scrubbed.
    pub(super) async fn ours(&self) -> anyhow::Result<()> {
        let request = self.decide()?;
        let (body, timeouts) = (RequestBody::empty(), GuestTimeouts::default());
        let answer = self.ours.send(&request, &self.headers, body, timeouts).await?;
        let body = answer.into_body().collect().await?.to_bytes();
        anyhow::ensure!(body.len() == 512, "{} bytes", body.len());
        Ok(())
    }

    /// The same request by the library alone.
    pub(super) async fn bare(&self) -> anyhow::Result<()> {
        let answer = self.bare.get(&self.site.url).header("x-vault-token", CREDENTIAL).send().await?;
        anyhow::ensure!(answer.bytes().await?.len() == 512);
        Ok(())
    }
}
