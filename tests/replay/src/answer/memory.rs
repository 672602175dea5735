//! What the host should see in the guest's memory, read a second time: a small lifting by the canonical ABI.

/// Where the fuzzer's bytes begin, and with them the answer.
const IMAGE: usize = 0x1_0000;
/// Where the host puts the handles.
const HANDLES: usize = 0x2_0000;
/// Where the memory ends.
const END: usize = 0x5_0000;

/// Bytes of one resolution in memory.
const RESOLUTION: u32 = 32;

/// The guest's memory when it answers.
pub(super) struct Memory(Vec<u8>);

/// A resolution as the guest has it.
pub(super) struct Resolution<'m> {
    pub(super) handle: &'m str,
    pub(super) outcome: Result<Secret<'m>, Failure<'m>>,
}

/// A value, and for how many seconds it is good.
pub(super) struct Secret<'m> {
    pub(super) value: &'m str,
    pub(super) expires_in: Option<u32>,
}

/// A failure: the number of its kind, its words, and when to try again.
pub(super) struct Failure<'m> {
    pub(super) kind: u8,
    pub(super) message: &'m str,
    pub(super) retry_after: Option<u32>,
}

impl Memory {
    pub(super) fn new(image: &[u8], handles: &[String]) -> Self {
        let mut bytes = vec![0; END];
        bytes[IMAGE..IMAGE + image.len()].copy_from_slice(image);
        let mut text = HANDLES + 8 * handles.len();
        for (at, handle) in handles.iter().enumerate() {
            let pair =
                [text, handle.len()].map(|number| u32::try_from(number).unwrap().to_le_bytes()).concat();
            bytes[HANDLES + 8 * at..][..8].copy_from_slice(&pair);
            bytes[text..][..handle.len()].copy_from_slice(handle.as_bytes());
            text = (text + handle.len()).next_multiple_of(8);
        }
        Self(bytes)
    }

    /// The answer; `None` where the host must not read on.
    pub(super) fn answer(&self) -> Option<Result<Vec<Resolution<'_>>, Failure<'_>>> {
        let at = u32::try_from(IMAGE).unwrap();
        match self.byte(at)? {
            0 => {
                let (list, count) = (self.number(at + 4)?, self.number(at + 8)?);
                let end = u64::from(list) + u64::from(count) * u64::from(RESOLUTION);
                if end > END as u64 || list % 4 != 0 {
                    return None;
                }
                let all = (0..count).map(|index| self.resolution(list + RESOLUTION * index));
                Some(Ok(all.collect::<Option<_>>()?))
            }
            1 => Some(Err(self.failure(at + 4)?)),
            _ => None,
        }
    }

    fn resolution(&self, at: u32) -> Option<Resolution<'_>> {
        let outcome = match self.byte(at + 8)? {
            0 => Ok(Secret { value: self.text(at + 12)?, expires_in: self.option(at + 20)? }),
            1 => Err(self.failure(at + 12)?),
            _ => return None,
        };
        Some(Resolution { handle: self.text(at)?, outcome })
    }

    fn failure(&self, at: u32) -> Option<Failure<'_>> {
        let kind = self.byte(at).filter(|kind| *kind < 5)?;
        Some(Failure { kind, message: self.text(at + 4)?, retry_after: self.option(at + 12)? })
    }

    fn option(&self, at: u32) -> Option<Option<u32>> {
        match self.byte(at)? {
            0 => Some(None),
            1 => Some(Some(self.number(at + 4)?)),
            _ => None,
        }
    }

    fn text(&self, at: u32) -> Option<&str> {
        let (from, length) = (self.number(at)? as usize, self.number(at + 4)? as usize);
        std::str::from_utf8(self.0.get(from..from.checked_add(length)?)?).ok()
    }

    fn number(&self, at: u32) -> Option<u32> {
        let at = at as usize;
        Some(u32::from_le_bytes(self.0.get(at..at + 4)?.try_into().ok()?))
    }

    fn byte(&self, at: u32) -> Option<u8> {
        self.0.get(at as usize).copied()
    }
}
