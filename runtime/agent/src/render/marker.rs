//! The list of the files that are ours.
//!
//! It is written before a file is made and after it is removed, so that a process that was killed leaves nothing that the
//! next one does not find.

use std::collections::BTreeSet;

use super::name::RelativeName;

/// What the list is called.
pub(super) const MARKER: &str = "files.portcullis";
/// More is not ours: a list of the longest names of all files that are read is shorter.
pub(super) const MOST_BYTES: u64 = 32 << 20;

/// One name a line. Names have no line breaks.
pub(super) fn written(names: &BTreeSet<RelativeName>) -> String {
    names.iter().flat_map(|name| [name.as_str(), "\n"]).collect()
}

/// The names, or the number of the line that is none.
pub(super) fn read(text: &[u8]) -> Result<BTreeSet<RelativeName>, usize> {
    let lines = text.strip_suffix(b"\n").unwrap_or(text);
    if lines.is_empty() {
        return Ok(BTreeSet::new());
    }
    let name = |line| RelativeName::new(std::str::from_utf8(line).ok()?).ok();
    (1..).zip(lines.split(|byte| *byte == b'\n')).map(|(number, line)| name(line).ok_or(number)).collect()
}
