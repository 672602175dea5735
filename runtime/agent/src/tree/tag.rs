//! How a tag is written. What it was written as may have needed a directive that is gone.

use std::fmt::Write as _;

use granit_parser::Tag;

/// The tags of YAML itself.
const CORE: &str = "tag:yaml.org,2002:";

/// The tag, in a form that needs no directive.
pub(super) fn written(tag: &Tag) -> String {
    let name = format!("{}{}", tag.handle(), tag.suffix());
    if let Some(core) = name.strip_prefix(CORE).filter(|core| !core.is_empty()) {
        format!("!!{}", escaped(core))
    } else if let Some(local) = name.strip_prefix('!') {
        format!("!{}", escaped(local))
    } else {
        format!("!<{}>", escaped(&name))
    }
}

/// What a tag may not have in it is written as its bytes.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:/;?@&=+$*'()#".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
