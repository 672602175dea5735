//! One segment of a path: its one spelling, and whether all who read it read the same.

/// What a segment that is spelled well means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The same to every reader.
    Plain,
    /// Perhaps another path to another reader, for the reason given. Only a rule with `encoded: true` takes it.
    Ambiguous(&'static str),
}

const ESCAPES: &str = "`;`, %2F, %5C, %2E, %00 and their kin need the form `{ request: …, encoded: true }`";
const EMPTY: &str = "empty segments need the form `{ request: …, encoded: true }`";

/// The segments of a path: none for `/`.
///
/// # Errors
/// When it does not start with `/`.
pub(super) fn split(path: &str) -> Result<Vec<&str>, &'static str> {
    let path = path.strip_prefix('/').ok_or("the path starts with `/`")?;
    Ok(if path.is_empty() { Vec::new() } else { path.split('/').collect() })
}

/// Reads one segment.
///
/// # Errors
/// When it is not in its one spelling (RFC 3986, section 6.2.2), or is a dot segment, which a URL cannot keep.
pub(super) fn read(text: &str) -> Result<Reading, &'static str> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*,:;=+@%".contains(&b);
    if !text.bytes().all(allowed) {
        return Err(
            "write the path as it is sent: ASCII, other characters percent-encoded, no query and no fragment",
        );
    }
    if !text.contains(['%', ';', '.']) && !text.is_empty() {
        // Most are: what follows is about these characters.
        return Ok(Reading::Plain);
    }
    let decoded = decode(text).ok_or("a percent sign is followed by two hexadecimal digits")?;
    if matches!(decoded.as_slice(), b"." | b"..") {
        return Err("dot segments are never sent: write the path that is meant");
    }
    let mut doubtful = text.contains(';') || std::str::from_utf8(&decoded).is_err() || holds_escape(&decoded);
    for escape in escapes(text) {
        if escape.bytes().any(|b| b.is_ascii_lowercase()) {
            return Err("a percent sign is followed by two upper-case hexadecimal digits");
        }
        let Ok(byte) = u8::from_str_radix(escape, 16) else { continue };
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) {
            return Err("letters, digits, `-`, `_` and `~` are written as they are, not percent-encoded");
        }
        doubtful |= byte.is_ascii_control() || b"/\\.".contains(&byte);
    }
    Ok(match (text.is_empty(), doubtful) {
        (true, _) => Reading::Ambiguous(EMPTY),
        (false, true) => Reading::Ambiguous(ESCAPES),
        (false, false) => Reading::Plain,
    })
}

/// The bytes that a text stands for; nothing where an escape is malformed.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (escape, rest) = part.split_at_checked(2)?;
        let digits = escape.bytes().all(|b| b.is_ascii_hexdigit());
        bytes.push(digits.then(|| u8::from_str_radix(escape, 16).ok()).flatten()?);
        bytes.extend(rest.as_bytes());
    }
    Some(bytes)
}

/// The same, with malformed escapes and bytes that are no text left standing in some form.
pub(super) fn decode_what_can_be(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match decode(&format!("%{part}")) {
            Some(decoded) => bytes.extend(decoded),
            None => bytes.extend(format!("%{part}").as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The two digits of each escape.
fn escapes(text: &str) -> impl Iterator<Item = &str> {
    text.split('%').skip(1).filter_map(|rest| rest.get(..2))
}

/// Whether decoding a second time would change something: some readers do.
fn holds_escape(decoded: &[u8]) -> bool {
    decoded.windows(3).any(
        |three| matches!(three, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()),
    )
}
