//! Numbers for Prometheus: its text exposition format, version 0.0.4.
//!
//! * `metric`: what is counted ([`Metric`]) and by what ([`Label`]); there is no label for a handle.
//! * `number`: a sample's value ([`Number`]). `page`: all of them as a text ([`Page`]).
//!
//! ```
//! use portcullis_agent::metrics::{Label, Metric, Page};
//!
//! const FAILED: Metric = Metric::counter("resolve_errors_total", "Failed answers.");
//! let mut page = Page::default();
//! page.add(FAILED, &[(Label::Reason, "missing")], 2_u64);
//! assert!(page.to_string().ends_with("portcullis_resolve_errors_total{reason=\"missing\"} 2\n"));
//! ```

mod metric;
mod number;
mod page;

pub use metric::{Kind, Label, Metric};
pub use number::Number;
pub use page::{CONTENT_TYPE, Page};
