//! Row 69: guests that measure.

use crate::Behaviour;

pub(crate) fn fine() -> Behaviour {
    Behaviour::new(
        69,
        "look for the smallest step of the clocks",
        "a millisecond, as the clocks themselves say",
    )
    .ends(|observed| {
        observed.answers(
            "monotonic-resolution=1000000;monotonic-grain=1000000;wall-resolution=1000000;wall-grain=1000000",
        )
    })
}
