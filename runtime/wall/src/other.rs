//! Systems where nothing of this exists yet.

use crate::{Held, Needs, Report};

fn missing() -> Held {
    Held::Missing("this system has no such thing".to_owned())
}

pub(crate) fn drop_rights(_: &Needs) -> Report {
    Report { no_new_privileges: missing(), limits: missing(), landlock: missing(), seccomp: missing() }
}

pub(crate) fn hide_memory() -> Held {
    missing()
}
