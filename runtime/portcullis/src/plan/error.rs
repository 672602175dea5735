//! Why a configuration that was understood cannot be put to work.

use portcullis_policy::{PolicyError, ProviderNameError, RoutesError};
use thiserror::Error;

/// A configuration that cannot be compiled.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A name that no provider can have.
    #[error(transparent)]
    Name(#[from] ProviderNameError),
    /// A policy that cannot be.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Routes that contradict one another.
    #[error(transparent)]
    Routes(#[from] RoutesError),
}
