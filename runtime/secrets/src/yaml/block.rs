//! The two pieces of a block scalar that a splice changes.

use std::ops::Range;

use super::nodes::{Scalar, Source};
use crate::document::Fault;
use crate::scan_error::ScanErrorKind;

/// A block scalar (`|` or `>`) in the text.
pub(super) struct Block {
    /// The header's indicators, such as `|-`; what follows them on the line (a comment) stays.
    pub(super) header: Source,
    /// The lines below, from the header's line break to the last character that is not blank.
    pub(super) lines: Range<usize>,
}

/// Finds the pieces. The parser says where the content is; the header is on the line above.
///
/// An error if it is not there, rather than a reference that is passed over in silence.
pub(super) fn locate(text: &str, scalar: &Scalar<'_>) -> Result<Block, Fault> {
    find(text, scalar).ok_or_else(|| {
        let message = "the header of a block scalar is not on the line above its content".to_owned();
        (scalar.source.line, scalar.source.column, ScanErrorKind::Yaml { message, hint: None })
    })
}

fn find(text: &str, scalar: &Scalar<'_>) -> Option<Block> {
    let content = scalar.source.range.clone();
    let content_line = line_start(text, content.start)?;
    let above = text.get(..content_line)?;
    let header_line_end = above.strip_suffix("\r\n").or_else(|| above.strip_suffix(['\n', '\r']))?.len();
    let header_line = line_start(text, header_line_end)?;

    // Before the header there are only indicators and blanks, once other nodes, the tag and the anchor are passed.
    let from = header_line.max(scalar.after);
    let start = from + text.get(from..header_line_end)?.find(['|', '>'])?;
    let indicators = text.get(start..header_line_end)?;
    let end = start + indicators.find([' ', '\t']).unwrap_or(indicators.len());

    let column = text.get(header_line..start)?.chars().filter(|&c| c != '\u{feff}').count() + 1;
    let last = text.get(content)?.trim_end_matches([' ', '\t', '\r', '\n']).len();
    Some(Block {
        header: Source { range: start..end, line: scalar.source.line.saturating_sub(1), column },
        lines: header_line_end..scalar.source.range.start + last,
    })
}

fn line_start(text: &str, offset: usize) -> Option<usize> {
    let before = text.get(..offset)?.as_bytes();
    Some(memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1))
}
