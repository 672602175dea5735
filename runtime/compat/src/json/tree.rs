//! From text to tree.

use super::check::check;
use super::cursor::{Cursor, Kind};
use super::syntax_error::{Context, SyntaxError};
use super::value::Value;

/// Arrays and objects that may be open at once in a tree.
///
/// Less than [`MAX_DEPTH`](super::MAX_DEPTH): whatever walks, copies or drops a tree recurses, and a guest
/// has little stack.
pub const MAX_TREE_DEPTH: usize = 256;

/// Reads one JSON value.
///
/// # Errors
/// The text is not JSON, or nested deeper than [`MAX_TREE_DEPTH`].
///
/// ```
/// use portcullis_compat::json::{Value, parse};
///
/// let value = parse(br#"{"size": 1e3, "size": 2.50}"#)?;
/// assert_eq!(value.get_last("size"), Some(&Value::Number("2.50".to_owned())));
/// # Ok::<(), portcullis_compat::json::SyntaxError>(())
/// ```
pub fn parse(text: &[u8]) -> Result<Value, SyntaxError> {
    let checked = check(text)?;
    read(&mut Cursor::new(checked), text.len())
}

/// Reads the value at the cursor; `end` is the offset that an error reports.
pub(crate) fn read(cursor: &mut Cursor<'_>, end: usize) -> Result<Value, SyntaxError> {
    read_nested(cursor, 0, end)
}

fn read_nested(cursor: &mut Cursor<'_>, depth: usize, end: usize) -> Result<Value, SyntaxError> {
    let kind = cursor.kind();
    if depth >= MAX_TREE_DEPTH && matches!(kind, Kind::Array | Kind::Object) {
        let byte = if kind == Kind::Array { b'[' } else { b'{' };
        return Err(SyntaxError::unexpected(byte, Context::Depth, end));
    }
    Ok(match kind {
        Kind::Null => {
            cursor.word();
            Value::Null
        }
        Kind::Bool => Value::Bool(cursor.word() == "true"),
        Kind::Number => Value::Number(cursor.word().to_owned()),
        Kind::String => Value::String(cursor.string()),
        Kind::Array => {
            let mut items = Vec::new();
            cursor.enter();
            while cursor.more() {
                items.push(read_nested(cursor, depth + 1, end)?);
            }
            Value::Array(items)
        }
        Kind::Object => {
            let mut members = Vec::new();
            cursor.enter();
            while cursor.more() {
                let key = cursor.key();
                members.push((key, read_nested(cursor, depth + 1, end)?));
            }
            Value::Object(members)
        }
    })
}
