//! The HTTP client of one origin. Nothing else in the project sends a byte.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, header};
use portcullis_policy::network::{RequestLimits, Via};
use url::Url;

use super::resolve::Resolver;
use super::{Dial, Lookup, SetupError};

/// Idle connections close after this: stores drop them after a minute or more.
const IDLE: Duration = Duration::from_secs(50);
/// Idle connections that stay open.
const IDLE_CONNECTIONS: usize = 8;

/// Who we are, to a server that logs it.
const USER_AGENT: &str = concat!("portcullis/", env!("CARGO_PKG_VERSION"));

/// Connections to one origin, for one provider and TLS identity. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connection {
    client: reqwest::Client,
    /// Stands in the URL in place of the host, where the certificate has another name.
    server_name: Option<String>,
}

impl Connection {
    pub(crate) fn new(
        dial: Dial,
        limits: &RequestLimits,
        tls: rustls::ClientConfig,
        lookup: &Arc<dyn Lookup>,
    ) -> Result<Self, SetupError> {
        let client_error = |error: reqwest::Error| SetupError::Client(error.to_string());
        let server_name = dial.tls().server_name;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // Neither the environment nor an answer says where a request goes.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // A request that is repeated is counted: nothing repeats by itself.
            .retry(reqwest::retry::never())
            .user_agent(USER_AGENT)
            .connect_timeout(limits.connect)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .tcp_nodelay(true)
            .http1_max_headers(usize::try_from(limits.headers).unwrap_or(usize::MAX))
            .http2_max_header_list_size(u32::try_from(limits.header_bytes.get()).unwrap_or(u32::MAX));
        let mut asked = dial.origin().host();
        match dial.via() {
            Via::Host => {}
            Via::Proxy(proxy) => {
                asked = proxy.host();
                // The client asks no resolver about an address.
                if let Some(literal) = proxy.address() {
                    dial.decide(&[literal])?;
                }
                builder = builder.proxy(reqwest::Proxy::all(proxy.to_string()).map_err(client_error)?);
            }
            Via::Socket(path) => builder = socket(builder, path)?,
        }
        if let Some(name) = &server_name
            && matches!(dial.via(), Via::Host)
        {
            asked.clone_from(name);
        }
        let resolver = Resolver { asked, dial, lookup: Arc::clone(lookup) };
        let client = builder.dns_resolver(resolver).build().map_err(client_error)?;
        Ok(Self { client, server_name })
    }

    /// Sends a request, whose URL is the one that was decided on.
    pub(crate) async fn send(&self, mut request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
        if let Some(name) = &self.server_name
            && let Some(host) = authority(request.url())
        {
            // TLS takes its name from the URL. HTTP/1.1 takes the host from the header.
            request.headers_mut().insert(header::HOST, host);
            // A name that `config` has accepted is one that a URL can have; otherwise the certificate will not fit.
            let _ = request.url_mut().set_host(Some(name));
        }
        self.client.execute(request).await
    }
}

fn authority(url: &Url) -> Option<HeaderValue> {
    let host = url.host_str()?;
    let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    HeaderValue::from_str(&text).ok()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no such sockets")]
fn socket(
    builder: reqwest::ClientBuilder,
    path: &std::path::Path,
) -> Result<reqwest::ClientBuilder, SetupError> {
    Ok(builder.unix_socket(path))
}

#[cfg(not(unix))]
fn socket(
    _builder: reqwest::ClientBuilder,
    _path: &std::path::Path,
) -> Result<reqwest::ClientBuilder, SetupError> {
    Err(SetupError::Client("this system has no Unix sockets".to_owned()))
}
