//! What is around the sandbox. These lines are no guess: the rights of this very process are dropped, and the layers say
//! how far they got.

use portcullis_wall::{Held, Needs};

use super::finding::Finding;
use crate::arguments::Common;

/// What was done when the process started.
pub(super) fn memory(hidden: &Held) -> Finding {
    const CHECK: &str = "memory";
    match hidden {
        Held::Yes(found) => Finding::ok(CHECK, found.clone()),
        Held::Missing(_) | Held::Refused(_) => Finding::missing(
            CHECK,
            format!("core files and debuggers: {hidden}"),
            "turn core files off for the user that runs this (`ulimit -c 0`)",
        ),
    }
}

/// Drops everything, and tells what holds.
pub(super) fn second(common: &Common) -> Vec<Finding> {
    if common.no_wall {
        let found = "off (--no-wall): only the sandbox keeps backends in";
        return vec![Finding::warning("wall", found, "leave --no-wall away when all works")];
    }
    let report = portcullis_wall::drop_rights(&Needs::new());
    let layers = report.layers().into_iter();
    layers
        .map(|(name, held)| match held {
            Held::Yes(found) => Finding::ok(name, found.clone()),
            Held::Missing(_) | Held::Refused(_) => Finding::missing(name, held.to_string(), remedy(name)),
        })
        .collect()
}

fn remedy(layer: &str) -> &'static str {
    match layer {
        "landlock" => {
            "use Linux 5.13 or newer with `landlock` among its `lsm=`, and let the container call it; until then a broken \
             sandbox has every file that this user has"
        }
        "seccomp" => {
            "let the container install filters of system calls; until then a broken sandbox has every call that this user \
             has"
        }
        _ => "let the container change this process's own limits; backends run without this layer until then",
    }
}
