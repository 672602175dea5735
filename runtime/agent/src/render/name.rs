//! What a file may be called.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use super::error::NameError;

/// What our own files end in: a list, and texts that are being written.
pub(super) const RESERVED: &str = ".portcullis";

/// The longest piece of a name, in bytes: with [`RESERVED`] behind it, it is a name still.
const LONGEST_PIECE: usize = 255 - RESERVED.len();
/// The longest name, in bytes.
const LONGEST: usize = 1024;

/// A way down from the folder to a file: `conf.d/redisdb.d/conf.yaml`. It cannot lead anywhere else.
///
/// Pieces are parted by one `/`, at most 244 bytes each and 1,024 together; none is empty, `.` or `..`, ends in
/// `.portcullis` or has a control character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelativeName(Box<str>);

impl RelativeName {
    /// A name.
    ///
    /// # Errors
    /// It is none: says why.
    pub fn new(name: &str) -> Result<Self, NameError> {
        match problem(name) {
            None => Ok(Self(name.into())),
            Some(problem) => Err(NameError { name: name.to_owned(), problem }),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders from the top down.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.rsplit_once('/').map(|(folders, _)| folders).into_iter().flat_map(|folders| folders.split('/'))
    }

    /// From the innermost folder up: the folders above it, and its own name.
    pub(super) fn folders_upwards(&self) -> impl Iterator<Item = (impl Iterator<Item = &str>, &str)> {
        let pieces: Vec<&str> = self.folders().collect();
        (0..pieces.len()).rev().filter_map(move |position| {
            let above: Vec<&str> = pieces.get(..position)?.to_vec();
            Some((above.into_iter(), *pieces.get(position)?))
        })
    }

    /// The last piece.
    pub(super) fn file(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, file)| file)
    }
}

fn problem(name: &str) -> Option<&'static str> {
    if name.starts_with('/') {
        return Some("it begins at the root");
    }
    if name.len() > LONGEST {
        return Some("it is longer than 1024 bytes");
    }
    if name.chars().any(char::is_control) {
        return Some("it has a control character");
    }
    name.split('/').find_map(|piece| match piece {
        "" => Some("a piece of it is empty"),
        "." | ".." => Some("'.' and '..' are not names"),
        _ if piece.ends_with(RESERVED) => Some("names that end in '.portcullis' are for our own lists"),
        _ if piece.len() > LONGEST_PIECE => Some("a piece of it is longer than 244 bytes"),
        _ => None,
    })
}

impl Display for RelativeName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<Path> for RelativeName {
    fn as_ref(&self) -> &Path {
        Path::new(self.as_str())
    }
}
