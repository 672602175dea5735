//! The query of a request: its keys, as every server reads them.

use super::segment;

/// The keys of a query, decoded once, in their order.
///
/// # Errors
/// When a pair is empty, or the text has a character or an escape that servers read in more than one way.
pub(super) fn keys(query: &str) -> Result<Vec<String>, &'static str> {
    // `;` separates pairs for some; a quote is what a URL has no canonical form with.
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&()*+,=:@/?[]%".contains(&b);
    if !query.bytes().all(allowed) {
        return Err(
            "write the query as it is sent: ASCII, other characters (`;` and `'` too) percent-encoded",
        );
    }
    query.split('&').map(key).collect()
}

fn key(pair: &str) -> Result<String, &'static str> {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    if key.is_empty() {
        return Err("the query has an empty key: leave it out");
    }
    const MALFORMED: &str = "a percent sign is followed by two hexadecimal digits";
    segment::decode(value).ok_or(MALFORMED)?;
    String::from_utf8(segment::decode(key).ok_or(MALFORMED)?).map_err(|_| "a key of the query is no UTF-8")
}
