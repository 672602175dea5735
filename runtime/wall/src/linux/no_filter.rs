//! Processors for which no list of system calls has been made.

use crate::{Held, Needs};

pub(super) fn install(_needs: &Needs) -> Held {
    Held::Missing("there is no list of system calls for this processor yet".to_owned())
}
