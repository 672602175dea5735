//! What every error message about a text holds to.

/// Asserts that a place (line and column, both from 1) is in the text, or right behind a line or its end.
pub(crate) fn assert_within(text: &str, line: u64, column: u64) {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = unified.split('\n').collect();
    assert!(line >= 1 && column >= 1, "{line}:{column} is not counted from 1");
    let at = usize::try_from(line - 1).unwrap();
    // The line after the last is the end of the text.
    let length = lines.get(at).map(|line| line.chars().count());
    let length = length.or_else(|| (at == lines.len()).then_some(0));
    let length = length.unwrap_or_else(|| panic!("line {line} of {}", lines.len()));
    assert!(column <= length as u64 + 1, "column {column} of {length} on line {line}");
}

/// Asserts that a message is one line of printable text, and no longer than a terminal shows.
pub(crate) fn assert_one_line(message: &str) {
    assert!(!message.is_empty(), "an error without words");
    assert!(!message.chars().any(char::is_control), "not one printable line: {message:?}");
    assert!(message.len() <= 1024, "{} bytes: {message}", message.len());
}
