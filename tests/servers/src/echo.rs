//! A server that gives back what it got, as it came over the wire: what a client really sent, and what a store that shows
//! credentials would show.

use std::fmt::Write as _;
use std::io;

use async_trait::async_trait;

use crate::{Behaviour, Connection, Received};

/// Answers each request with itself, head and body. The last segment of the path says in which form:
///
/// | segment | form |
/// |---|---|
/// | `hex`, `base64`, `percent`, `json`, `reversed` | the body, encoded so |
/// | `bytes` | in chunks of one byte |
/// | `header` | each header as `echo-NAME`, none in the body |
/// | `trailer` | the same as trailers |
/// | `location` | a redirect to `http://127.0.0.2:9/` with the headers, percent-encoded, as its query |
/// | `here` | a redirect to `/other` of the same origin |
/// | `error` | with status 500 |
/// | anything else | as it came |
#[derive(Clone, Copy, Debug, Default)]
pub struct Echo;

#[async_trait]
impl Behaviour for Echo {
    async fn serve(&self, connection: &mut Connection) -> io::Result<()> {
        while let Some(received) = connection.request().await? {
            let answer = answer(&received, "");
            connection.send(&answer).await?;
        }
        Ok(())
    }
}

/// The answer to a request. What stands `beside` it, one line, is shown in the same form.
pub(crate) fn answer(received: &Received, beside: &str) -> Vec<u8> {
    let target = received.target();
    let path = target.split('?').next().unwrap_or_default();
    let mut came = received.head.clone();
    came.extend_from_slice(&received.body);
    came.extend_from_slice(beside.as_bytes());
    let shown = String::from_utf8_lossy(&came).into_owned();
    match path.rsplit('/').next().unwrap_or_default() {
        "hex" => plain(
            "200 OK",
            "",
            came.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            }),
        ),
        "base64" => plain("200 OK", "", base64(&came)),
        "percent" => plain("200 OK", "", percent(&came)),
        "json" => plain("200 OK", "", format!("{shown:?}")),
        "reversed" => plain("200 OK", "", shown.chars().rev().collect::<String>()),
        "bytes" => {
            let mut answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
            for byte in &came {
                answer.extend_from_slice(b"1\r\n");
                answer.push(*byte);
                answer.extend_from_slice(b"\r\n");
            }
            answer.extend_from_slice(b"0\r\n\r\n");
            answer
        }
        "header" => plain("200 OK", &echoed(received, beside), ""),
        "trailer" => {
            let trailers = echoed(received, beside);
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n{trailers}\r\n")
                .into_bytes()
        }
        "location" => {
            let query = percent(&[&received.head, beside.as_bytes()].concat());
            plain("302 Found", &format!("location: http://127.0.0.2:9/?{query}\r\n"), "")
        }
        "here" => plain("302 Found", "location: /other\r\n", ""),
        "error" => plain("500 Internal Server Error", "", shown),
        _ => plain("200 OK", "", came),
    }
}

fn plain(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut answer =
        format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

fn echoed(received: &Received, beside: &str) -> String {
    let lines = if beside.is_empty() { String::new() } else { format!("echo-beside: {beside}\r\n") };
    received.headers().iter().fold(lines, |mut lines, (name, value)| {
        let _ = write!(lines, "echo-{name}: {value}\r\n");
        lines
    })
}

pub(crate) fn percent(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut encoded, byte| {
        let _ = if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            write!(encoded, "{}", char::from(*byte))
        } else {
            write!(encoded, "%{byte:02X}")
        };
        encoded
    })
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let whole =
            group.iter().fold(0_u32, |whole, byte| whole << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS.get(usize::try_from(whole >> (18 - 6 * place) & 63).unwrap_or(0));
            text.push(if place <= group.len() { digit.map_or('A', |digit| char::from(*digit)) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let rows = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
        ];
        for (text, expected) in rows {
            assert_eq!(base64(text.as_bytes()), expected, "{text}");
        }
    }
}
