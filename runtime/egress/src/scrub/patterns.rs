//! The forms in which a credential could come back.

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// Shorter texts occur by chance: masking them would tear answers apart.
const SHORTEST: usize = 6;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Every form of every secret: as it is, in base64 at any place of a longer text, in a URL, in JSON, in hexadecimal.
pub(super) fn forms(secrets: &[SecretString]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut forms: Vec<Zeroizing<Vec<u8>>> = Vec::new();
    for secret in secrets {
        let bytes = secret.expose_secret().as_bytes();
        if bytes.len() < SHORTEST {
            continue;
        }
        let mut add = |form: Vec<u8>| {
            if !forms.iter().any(|known| **known == form) {
                forms.push(Zeroizing::new(form));
            }
        };
        add(bytes.to_vec());
        for alphabet in [STANDARD, URL_SAFE] {
            (0..3).for_each(|offset| add(base64(bytes, offset, alphabet)));
        }
        for (digits, space) in [(UPPER, "%20"), (LOWER, "%20"), (UPPER, "+")] {
            add(in_url(bytes, digits, space));
        }
        for digits in [UPPER, LOWER] {
            add(bytes.iter().flat_map(|byte| hex(*byte, digits)).collect());
        }
        for slash in ["/", "\\/"] {
            for angle in [false, true] {
                add(in_json(secret.expose_secret(), slash, angle));
            }
        }
    }
    forms
}

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

fn hex(byte: u8, digits: &[u8; 16]) -> [u8; 2] {
    let digit = |value: u8| digits.get(usize::from(value)).copied().unwrap_or(b'0');
    [digit(byte >> 4), digit(byte & 15)]
}

/// The digits that stand for these bytes alone, where they begin `offset` bytes into a group of three.
fn base64(bytes: &[u8], offset: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let bits: Vec<bool> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    // A digit is six bits; the first that belongs to these bytes alone begins so many bits in.
    let skipped = match offset {
        0 => 0,
        1 => 4,
        _ => 2,
    };
    bits.get(skipped..)
        .unwrap_or_default()
        .chunks_exact(6)
        .map(|digit| digit.iter().fold(0_usize, |value, bit| value << 1 | usize::from(*bit)))
        .map(|value| alphabet.get(value).copied().unwrap_or(b'A'))
        .collect()
}

fn in_url(bytes: &[u8], digits: &[u8; 16], space: &str) -> Vec<u8> {
    let mut form = Vec::with_capacity(bytes.len() * 3);
    for &byte in bytes {
        // RFC 3986, section 2.3.
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            form.push(byte);
        } else if byte == b' ' {
            form.extend(space.bytes());
        } else {
            form.push(b'%');
            form.extend(hex(byte, digits));
        }
    }
    form
}

/// As JSON writers have it, without the quotes. Some write `/`, `<`, `>` and `&` with an escape, others do not.
fn in_json(text: &str, slash: &str, angle: bool) -> Vec<u8> {
    let mut form = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => form.push_str("\\\""),
            '\\' => form.push_str("\\\\"),
            '/' => form.push_str(slash),
            '\n' => form.push_str("\\n"),
            '\r' => form.push_str("\\r"),
            '\t' => form.push_str("\\t"),
            '<' | '>' | '&' if angle => form.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if c.is_control() => form.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => form.push(c),
        }
    }
    form.into_bytes()
}
