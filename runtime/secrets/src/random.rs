//! Chance, as an argument: tests say what it is.

/// A source of random numbers: for the scatter of the first refresh and the jitter of back-offs, not for keys.
pub trait Random: Send + Sync {
    /// A number from 0 up to, and without, `bound`, each equally likely. `bound` is at least 1.
    fn below(&self, bound: u64) -> u64;
}

/// The process's own generator, seeded by the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn below(&self, bound: u64) -> u64 {
        fastrand::u64(..bound.max(1))
    }
}
