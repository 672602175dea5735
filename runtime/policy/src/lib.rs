//! What a provider may do.
//!
//! This crate turns policy text into a compiled [`Policy`] and answers every question about a provider's authority
//! with one decision function for each resource. It performs no I/O: whoever reads a file, opens a descriptor, sends a
//! request or links an interface does so with a value that only a decision here can make.
//!
//! Text comes in: [`mod@file`] (providers and routes) and [`ceiling`] read YAML through a tree whose nodes know their place
//! (`document`), so that every [`FileError`] has line, column and key. [`quantity`] reads sizes and times.
//!
//! Grants are compiled: [`grants`] is what one source gives a provider, made of [`filesystem`], [`network`],
//! [`environment`], [`limits`] and a [`component`] digest. [`policy`] intersects them with the ceiling.
//!
//! Decisions go out: [`Policy`] has one `decide_` function for each resource, [`import`] says which key an interface
//! needs, [`routes`] takes handles to providers, [`trust`] judges files that decide about authority. A "no" is a
//! [`denial`] with a stable [`reason`].
//!
//! What happened is told in [`event`]s, with guest text made harmless by [`escaped`]. [`provider`] is the name in all.

#![forbid(unsafe_code)]

pub mod ceiling;
pub mod component;
pub mod denial;
mod document;
pub mod environment;
pub mod escaped;
pub mod event;
pub mod file;
pub mod filesystem;
pub mod grants;
pub mod import;
pub mod limits;
pub mod network;
pub mod policy;
pub mod provider;
pub mod quantity;
pub mod reason;
pub mod routes;
pub mod trust;

pub use ceiling::Ceiling;
pub use component::{Digest, VerifiedComponent, VerifiedDigest};
pub use denial::Denial;
pub use document::FileError;
pub use environment::{AuthorizedEnvironment, Environment, EnvironmentValue};
pub use escaped::EscapedText;
pub use event::{Event, EventSink, GuestStream, NoEvents};
pub use file::{ComponentSource, PayloadType, PortcullisFile, ProviderDeclaration, Settings};
pub use filesystem::{AuthorizedMount, AuthorizedOperation, FileAccess, FileOperation, Mount, MountError};
pub use grants::{Access, Grants};
pub use import::{ImportKey, Link, import_key};
pub use limits::{Limit, LimitOrigin, LimitOverrides, LimitRow, Limits, Profile};
pub use network::{AuthorizedAddresses, AuthorizedDestination, AuthorizedRequest, Request, RequestError};
pub use policy::{
    ExplainedLimit, ExplainedSection, Explanation, Lint, LintCode, Policy, PolicyError, PolicyId,
};
pub use provider::{ProviderName, ProviderNameError};
pub use quantity::{Bytes, QuantityError};
pub use reason::Reason;
pub use routes::{Route, RouteError, Routed, Routes, RoutesError};
pub use trust::{FileFacts, FileKind, FolderFacts, TrustError, TrustRule, TrustedFile};
