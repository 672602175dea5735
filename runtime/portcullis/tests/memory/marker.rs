//! A text that is nowhere in this process but where somebody put it.

use zeroize::Zeroizing;

/// The marker is never held: only this other text, from which it follows byte by byte.
pub(crate) struct Marker(Vec<u8>);

/// Turns one into the other and back. The result is a letter, which no format needs to escape.
fn turn(byte: u8) -> u8 {
    byte ^ 0x01
}

impl Marker {
    /// As many bytes as are looked for: no stretch of the marker of this length repeats by chance.
    pub(crate) const LENGTH: usize = 20;

    /// A marker of its own for each number.
    pub(crate) fn new(number: usize) -> Self {
        // A plain generator: letters without an order, from b to w, so that turning them gives letters again.
        let mut state = u64::try_from(number).unwrap();
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            b'b' + u8::try_from((state >> 33) % 22).unwrap()
        };
        Self((0..Self::LENGTH).map(|_| letter()).collect())
    }

    /// The marker as often as it fits into so many bytes.
    pub(crate) fn value(&self, length: usize) -> Zeroizing<Vec<u8>> {
        let mut value = Zeroizing::new(Vec::with_capacity(length));
        value.extend(self.0.iter().copied().map(turn).cycle().take(length));
        value
    }

    /// Whether this is such a value.
    pub(crate) fn is(&self, value: &[u8]) -> bool {
        value.iter().zip(self.0.iter().copied().map(turn).cycle()).all(|(a, b)| *a == b)
    }

    /// Where the marker begins.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<usize> {
        let first = turn(self.0[0]);
        let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == first).map(|(at, _)| at);
        starts.into_iter().find(|at| bytes.get(*at..*at + Self::LENGTH).is_some_and(|found| self.is(found)))
    }
}
