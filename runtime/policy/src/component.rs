//! The identity of a component: the digest of its bytes, and the proof that it was checked.

use std::fmt;
use std::io::{self, BufReader, Read};

use sha2::{Digest as _, Sha256};

/// How much of a component is hashed at a time, in bytes: what costs few pages of memory and few calls.
const STEP: usize = 16 << 10;

/// SHA-256 of a component file as published, the one that `sha256sum` prints. Written `sha256:<64 hex digits>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Text that is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `sha256:` and 64 hexadecimal digits, as `sha256sum` prints them")]
pub struct DigestError;

impl Digest {
    /// No known bytes have it.
    pub(crate) const ZERO: Self = Self([0; 32]);

    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of what a reader gives, which is never in memory whole.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    pub fn of_reader(reader: impl Read) -> io::Result<Self> {
        let mut hasher = Sha256::new();
        io::copy(&mut BufReader::with_capacity(STEP, reader), &mut hasher)?;
        Ok(Self(hasher.finalize().into()))
    }

    /// A digest that was computed earlier and written down as raw bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 raw bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits without the algorithm, for file names.
    pub fn to_hex(&self) -> String {
        use std::fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

impl std::str::FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let hex = text.strip_prefix("sha256:").ok_or(DigestError)?.as_bytes();
        let mut digest = [0_u8; 32];
        if hex.len() != 64 {
            return Err(DigestError);
        }
        for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
            *byte = pair
                .iter()
                .try_fold(0, |value, digit| Some(value << 4 | hex_value(*digit)?))
                .ok_or(DigestError)?;
        }
        Ok(Self(digest))
    }
}

const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The digest of a component that a policy accepted: the only key to code that was compiled earlier.
/// Made by [`Policy::decide_digest`](crate::Policy::decide_digest) and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedDigest(Digest);

impl VerifiedDigest {
    pub(crate) const fn new(digest: Digest) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn get(&self) -> &Digest {
        &self.0
    }
}

/// The bytes of a component that a policy accepted: the only thing that a sandbox compiles.
/// Made by [`Policy::decide_component`](crate::Policy::decide_component) and nowhere else.
pub struct VerifiedComponent {
    bytes: Vec<u8>,
    digest: VerifiedDigest,
}

impl VerifiedComponent {
    pub(crate) const fn new(bytes: Vec<u8>, digest: VerifiedDigest) -> Self {
        Self { bytes, digest }
    }

    /// The bytes that were hashed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Their digest.
    pub const fn digest(&self) -> &Digest {
        self.digest.get()
    }

    /// Their digest, as the key to what was compiled from them earlier.
    pub const fn key(&self) -> &VerifiedDigest {
        &self.digest
    }
}

impl fmt::Debug for VerifiedComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedComponent")
            .field("digest", self.digest())
            .field("len", &self.bytes.len())
            .finish()
    }
}
