//! The same over pieces: a form that is cut in two is found, too.

use bytes::Bytes;

use super::{Finder, MASK, Scrubber};

/// Masks forms in a stream. Holds back as many bytes as could begin a form that is not all there yet.
#[derive(Debug)]
pub(crate) struct StreamScrubber {
    scrubber: Scrubber,
    held: Vec<u8>,
    /// Beginning of `held` that is to be masked: the end of a form whose beginning has been given out.
    masked: usize,
}

impl StreamScrubber {
    pub(crate) const fn new(scrubber: Scrubber) -> Self {
        Self { scrubber, held: Vec::new(), masked: 0 }
    }

    /// Takes a piece and gives what is certain by now.
    pub(crate) fn push(&mut self, mut piece: Bytes) -> Bytes {
        let Some(finder) = self.scrubber.0.clone() else { return piece };
        let keep = finder.longest.saturating_sub(1);
        if self.held.is_empty() && !finder.any.is_match(&piece) {
            // Mostly: then nothing is copied but what is held back.
            self.held.extend_from_slice(&piece.split_off(piece.len().saturating_sub(keep)));
            return piece;
        }
        self.held.extend_from_slice(&piece);
        let certain = self.held.len().saturating_sub(keep);
        self.give(&finder, certain)
    }

    /// Gives the rest at the end of the stream.
    pub(crate) fn finish(&mut self) -> Bytes {
        let Some(finder) = self.scrubber.0.clone() else { return Bytes::new() };
        self.give(&finder, self.held.len())
    }

    /// Forms that begin before `certain` are all there.
    fn give(&mut self, finder: &Finder, certain: usize) -> Bytes {
        let mut masked = self.masked;
        let mut out = self.held.get(..certain).unwrap_or_default().to_vec();
        mask(&mut out, 0..masked);
        for place in finder.places(&self.held) {
            if place.start < certain {
                masked = masked.max(place.end);
                mask(&mut out, place);
            }
        }
        self.held.drain(..certain.min(self.held.len()));
        self.masked = masked.saturating_sub(certain);
        Bytes::from(out)
    }
}

fn mask(bytes: &mut [u8], place: std::ops::Range<usize>) {
    let end = place.end.min(bytes.len());
    if let Some(found) = bytes.get_mut(place.start.min(end)..end) {
        found.fill(MASK);
    }
}
