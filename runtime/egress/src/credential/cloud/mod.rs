//! What sources of clouds have in common: what they read, how they ask, and how long what they made is kept.
//!
//! * [`kept`]: made once, renewed before it expires, made anew when an input has changed or the store refused it.
//! * [`watched`]: files and variables that were read, and whether they still are what they were.
//! * [`ask`]: what a source gets when something is to be made.
//! * [`answer`]: answers of token endpoints, and their errors in words that hold no value.
//! * [`bearing`]: an access token in the `Authorization` header.
//! * [`token`]: answers with a token.
//! * [`jwt`]: signed statements, and the keys that sign them.

mod answer;
mod ask;
mod kept;
mod watched;

#[cfg(any(feature = "azure", feature = "google"))]
mod bearing;
#[cfg(any(feature = "azure", feature = "google"))]
mod jwt;
#[cfg(any(feature = "azure", feature = "google"))]
mod token;

pub(super) use answer::json;
#[cfg(feature = "aws")]
pub(super) use answer::{known, words};
pub(super) use ask::{Ask, Metadata};
pub(super) use kept::{Kept, Made, Source};

#[cfg(any(feature = "azure", feature = "google"))]
pub(super) use {
    bearing::{Bearing, Token},
    jwt::{Algorithm, Key, base64url},
    token::{form, token},
};
