//! `wasi:http`, present but empty: every request is denied with a typed error, and nothing is looked up or dialled.

use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

/// What the guest's request would be sent through, were any granted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DenyAll;

type Task = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for DenyAll {
    fn send_request(
        &mut self,
        _request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _body: Task,
    ) -> Box<dyn Future<Output = Result<(http::Response<WasiBody>, Task), Error>> + Send> {
        Box::new(std::future::ready(Err(Error::HttpRequestDenied)))
    }
}
