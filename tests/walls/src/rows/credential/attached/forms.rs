//! The forms in which a secret could be read.

use serde_json::Value;

/// None of the secrets is in a text that the guest or the operator sees, in any form. A text inside of JSON is escaped once
/// more.
pub(super) fn hidden(seen: &str, secrets: &[String]) -> Result<(), String> {
    for form in secrets.iter().flat_map(|secret| forms(secret)) {
        let escaped = format!("{form:?}");
        if let Some(found) =
            [form.as_str(), escaped.trim_matches('"')].into_iter().find(|form| seen.contains(*form))
        {
            return Err(format!("{found:?} is in {seen}"));
        }
    }
    Ok(())
}

/// A secret in every form that a guest could read it back from.
fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes
        .iter()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(b) => char::from(*b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let json = format!("{secret:?}");
    let json = json.trim_matches('"').to_owned();
    // Of base64 the middle alone is the same wherever it begins: see `decoded`.
    vec![secret.to_owned(), hex.to_uppercase(), hex, percent, json.replace('/', "\\/"), json]
}

/// Every base64 text that was told: it is an echo with this header, and what it decodes to holds no secret.
pub(super) fn decoded(told: &Value, header: &str, secrets: &[String]) -> Result<(), String> {
    let bodies = told.as_object().into_iter().flat_map(|tries| tries.values());
    for body in bodies.filter_map(|answer| answer.get("body").and_then(Value::as_str)) {
        let mut bytes = Vec::new();
        let mut held = (0_u32, 0);
        for digit in body.bytes() {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                // Masked, or padding.
                _ => 0,
            };
            held = (held.0 << 6 | u32::from(value), held.1 + 6);
            if held.1 >= 8 {
                held.1 -= 8;
                bytes.push(u8::try_from(held.0 >> held.1 & 255).unwrap_or(0));
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if !text.contains(header) {
            return Err(format!("this is no echo: {text}"));
        }
        hidden(&text, secrets)?;
    }
    Ok(())
}
