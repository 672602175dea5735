//! The operator's upper bounds over every provider.

use std::collections::BTreeSet;

use crate::{LimitOverrides, Mount};

/// Upper bounds over every provider, whatever its source. An absent section bounds nothing.
#[derive(Clone, Debug, Default)]
pub struct Ceiling {
    pub(crate) filesystem: Option<Vec<Mount>>,
    pub(crate) environment: Option<BTreeSet<String>>,
    pub(crate) limits: LimitOverrides,
    pub(crate) digest_required: bool,
}
