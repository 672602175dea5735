//! The error that every decision gives when the answer is no.

use crate::{ProviderName, Reason};

/// A refusal: who asked, the stable reason, and a message for a human that names what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {message}")]
pub struct Denial {
    reason: Reason,
    provider: ProviderName,
    message: String,
}

impl Denial {
    /// A refusal by code outside this crate (a budget that ran out, a link that leaves its mount).
    pub fn new(provider: &ProviderName, reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, provider: provider.clone(), message: message.into() }
    }

    /// The stable reason.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The provider that was refused.
    pub const fn provider(&self) -> &ProviderName {
        &self.provider
    }

    /// What happened and what to do, without the code.
    pub fn message(&self) -> &str {
        &self.message
    }
}
