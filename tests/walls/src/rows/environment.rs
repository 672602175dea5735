//! Row 65: guests that look at the process around them.

use crate::Behaviour;

pub(crate) fn inherit() -> Behaviour {
    Behaviour::new(
        65,
        "read environment, arguments and folder of the process",
        "the declared variables; no arguments, no folder",
    )
    .grants("environment: { REGION: { from: REGION } }")
    .environment(&[("REGION", "eu-1"), ("AWS_SECRET_ACCESS_KEY", "not for guests"), ("PATH", "/bin")])
    .ends(|observed| observed.answers("REGION=eu-1;arguments=;folder=none"))
}
