//! What a provider may do.
//!
//! This crate turns policy text into a compiled [`Policy`] and answers every question about a provider's authority
//! with one decision function for each resource. It performs no I/O: whoever reads a file, opens a descriptor or
//! links an interface does so with a value that only a decision here can make.
//!
//! * [`provider`]: the name under which a provider is known everywhere.
//! * [`reason`], [`denial`]: the stable codes for "no", and the error that carries one.
//! * [`event`], [`escaped`]: what the runtime reports, with guest text made harmless.
//! * [`quantity`], [`limits`]: sizes, times and counts; every limit with its default, origin and reason.
//! * [`component`]: digests, and the proof that a component's bytes are the ones that the policy names.
//! * [`import`]: which policy key grants an interface, and how it is linked.
//! * [`filesystem`], [`environment`]: grants, and the authorised forms that hosts accept.
//! * [`grants`], [`ceiling`], [`policy`]: what a source grants, what the operator bounds, and the effective, immutable
//!   result.

#![forbid(unsafe_code)]

pub mod ceiling;
pub mod component;
pub mod denial;
pub mod environment;
pub mod escaped;
pub mod event;
pub mod filesystem;
pub mod grants;
pub mod import;
pub mod limits;
pub mod policy;
pub mod provider;
pub mod quantity;
pub mod reason;

pub use ceiling::Ceiling;
pub use component::{Digest, VerifiedComponent};
pub use denial::Denial;
pub use environment::{AuthorizedEnvironment, Environment, EnvironmentValue};
pub use escaped::EscapedText;
pub use event::{Event, EventSink, GuestStream, NoEvents};
pub use filesystem::{AuthorizedMount, AuthorizedOperation, FileAccess, FileOperation, Mount, MountError};
pub use grants::{Access, Grants};
pub use import::{ImportKey, Link, import_key};
pub use limits::{Limit, LimitOrigin, LimitOverrides, LimitRow, Limits, Profile};
pub use policy::{Policy, PolicyError, PolicyId};
pub use provider::{ProviderName, ProviderNameError};
pub use quantity::{Bytes, QuantityError};
pub use reason::Reason;
