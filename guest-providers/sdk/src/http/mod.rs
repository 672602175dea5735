//! Requests to the destinations that the policy grants (`wasi:http`).
//!
//! The policy lists origins, methods, paths, query keys and headers, and the host attaches the store's credential: a
//! backend never holds it. What is not listed is answered with an error ([`ErrorKind::Denied`]), and nothing is looked up
//! or dialled for it. The host follows no redirect and decompresses nothing.
//!
//! ```no_run
//! use std::time::Duration;
//! use portcullis_guest::http::{Client, Request, encode};
//! use portcullis_guest::{Failure, Resolution};
//!
//! fn resolve(handles: Vec<String>, deadline: Duration) -> Result<Vec<Resolution>, Failure> {
//!     let client = Client::new(deadline);
//!     let request = |handle: &String| Request::get(format!("https://store.example/v1/{}", encode(handle)));
//!     let requests: Vec<Request> = handles.iter().map(request).collect();
//!     let answers = client.send_all(&requests);
//!     let one = |(handle, answer): (String, Result<_, _>)| {
//!         let value = answer.map_err(Failure::from).and_then(portcullis_guest::http::Response::ok);
//!         match value.and_then(|found| Ok(found.text()?.to_owned())) {
//!             Ok(text) => Resolution::found(handle, text),
//!             Err(failure) => Resolution::failed(handle, failure),
//!         }
//!     };
//!     Ok(handles.into_iter().zip(answers).map(one).collect())
//! }
//! ```
//!
//! * [`client`]: what an author uses; [`request`] and [`response`].
//! * [`rules`] and [`retry_after`]: when a request is sent again.
//! * [`run`]: many requests at once.
//! * [`wire`] and [`exchange`]: the host's interfaces.
//! * [`fault`] and [`error`]: what went wrong, for the client and for the author.
//! * [`url`] and [`text`]: URLs, and foreign text in messages.

mod client;
mod error;
mod exchange;
mod fault;
mod request;
mod response;
mod retry_after;
mod rules;
mod run;
mod text;
mod url;
mod wire;

pub use client::Client;
pub use error::{Error, ErrorKind};
pub use request::Request;
pub use response::Response;
pub use url::{UrlError, encode};
