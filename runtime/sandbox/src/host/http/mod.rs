//! `wasi:http`: each request is read once, decided on, and sent as what was decided. There is no other way out.

mod asked;
mod error;
mod told;

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use portcullis_egress::{Client, GuestTimeouts, RequestBody, SendError};
use portcullis_policy::network::AskedRequest;
use portcullis_policy::{AuthorizedRequest, Denial, EventSink, Policy, Reason};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

pub(crate) use told::Told;

type Task = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Answer = Result<(http::Response<WasiBody>, Task), Error>;

/// Most bytes of one write to the body of a request: what the host holds of it at once.
const CHUNK: usize = 64 << 10;

/// The requests of one call.
pub(crate) struct Requests {
    policy: Arc<Policy>,
    client: Option<Arc<Client>>,
    told: Arc<Told>,
    left: u32,
}

impl Requests {
    pub(crate) fn new(
        policy: &Arc<Policy>,
        client: Option<Arc<Client>>,
        events: &Arc<dyn EventSink>,
    ) -> Self {
        let left = policy.limits().requests.value();
        let told = Told::new(policy.provider().clone(), Arc::clone(events));
        Self { policy: Arc::clone(policy), client, told: Arc::new(told), left }
    }

    /// What the call has reported so far, to be finished when it ends.
    pub(crate) fn told(&self) -> &Arc<Told> {
        &self.told
    }

    fn decide(&mut self, request: &http::Request<WasiBody>) -> Result<AuthorizedRequest, Error> {
        let Some(left) = self.left.checked_sub(1) else {
            self.told.limit(Reason::NetLimitRequests, "requests");
            return Err(Error::ConnectionLimitReached);
        };
        self.left = left;
        let asked = asked::read(request.method(), request.uri(), request.headers());
        let (denial, kept) = match asked {
            Err(error) => (error.denial(self.policy.provider()), None),
            Ok(asked) => match self.policy.decide_request(&asked) {
                Ok(authorized) => return Ok(authorized),
                Err(denial) => (denial, Some(AskedRequest::of(&asked))),
            },
        };
        self.told.denied(&denial, &asked::target(request.method(), request.uri()), kept);
        // One answer to all of them: what is behind a denied target is not told.
        Err(Error::HttpRequestDenied)
    }
}

impl WasiHttpHooks for Requests {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        body_written: Task,
    ) -> Box<dyn Future<Output = Answer> + Send> {
        let authorized = match self.decide(&request) {
            Ok(authorized) => authorized,
            // The guest's body is dropped with the request, and not read.
            Err(error) => return Box::new(std::future::ready(Err(error))),
        };
        for header in authorized.dropped_headers() {
            if authorized.is_of_credential(header) {
                let message = format!("the guest set {header}, which the host sets: it was left out");
                let denial = Denial::new(self.policy.provider(), Reason::NetHeader, message);
                self.told.denied(&denial, &format!("header {header} to {authorized}"), None);
            }
        }
        let Some(client) = self.client.clone() else {
            return Box::new(std::future::ready(Err(Error::HttpRequestDenied)));
        };
        let told = Arc::clone(&self.told);
        Box::new(async move {
            let (parts, body) = request.into_parts();
            let sent = client
                .send(&authorized, &parts.headers, RequestBody::new(body), timeouts(options.as_ref()))
                .await;
            let response = sent.map_err(|error| tell(&told, &authorized, &error))?;
            let response = response
                .map(|body| body.map_err(move |error| tell(&told, &authorized, &error)).boxed_unsync());
            Ok((response, body_written))
        })
    }

    fn set_host_header(&mut self) -> bool {
        // The client sets it, from the URL that was decided on.
        false
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        CHUNK
    }
}

/// Tells the operator what the guest is not told, and gives what the guest is told.
fn tell(told: &Told, request: &AuthorizedRequest, error: &SendError) -> Error {
    match error {
        SendError::Denied(denial) => told.denied(denial, &request.to_string(), None),
        other => told.failed(request, other),
    }
    error::for_guest(error)
}

fn timeouts(options: Option<&RequestOptions>) -> GuestTimeouts {
    let of = |read: fn(&RequestOptions) -> Option<Duration>| options.and_then(read);
    GuestTimeouts {
        connect: of(|options| options.connect_timeout),
        first_byte: of(|options| options.first_byte_timeout),
        between_bytes: of(|options| options.between_bytes_timeout),
    }
}
