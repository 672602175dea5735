//! Rows 77 to 79: guests that reach for the credential that the host attaches.

use portcullis_policy::{Event, Reason};
use portcullis_test_servers::Server;
use portcullis_test_servers::echo::Echo;
use serde_json::{Value, json};

use crate::Behaviour;
use crate::act::Act;
use crate::network::{Names, Site, text};

/// The credential. It has bytes that every encoding writes in its own way.
const TOKEN: &str = "s.marker/of+the host\"&=~";

/// A site whose store gets the credential, and an allowed neighbour that gets none.
fn site<'a>(act: &'a Act<'_>, store: &Server, other: &Server) -> Result<Site<'a>, String> {
    let credential =
        format!("credential: {{ kind: header, name: x-vault-token, from: {{ value: '{TOKEN}' }} }}");
    let rest = "allow: [GET /echo/**, POST /echo/**], query: [v], headers: [x-free, vary]";
    let keys = format!(
        "network:\n  - {{ name: store, origin: \"{}\", {rest}, {credential} }}\n  - {{ name: other, origin: \"{}\", {rest} }}\n\
         filesystem: []\nlimits: {{ cpu: 10s, wall: 60s }}",
        store.origin(),
        other.origin()
    );
    Site::open(act, Names::default(), &keys)
}

fn heads(server: &Server) -> String {
    String::from_utf8_lossy(&server.seen().requests().concat()).into_owned()
}

/// The credential in every form that a guest could read it back from.
fn forms() -> Vec<String> {
    let bytes = TOKEN.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes
        .iter()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(b) => char::from(*b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let json = format!("{TOKEN:?}");
    let json = json.trim_matches('"').to_owned();
    // Of base64 the middle alone is the same wherever it begins.
    vec![TOKEN.to_owned(), hex.to_uppercase(), hex, percent, json.replace('/', "\\/"), json]
}

/// No form is in a text that the guest or the operator sees. A text inside of JSON is escaped once more.
fn hidden(seen: &str) -> Result<(), String> {
    let escaped = |form: &String| format!("{form:?}").trim_matches('"').to_owned();
    let forms = forms();
    match forms.iter().chain(&forms.iter().map(escaped).collect::<Vec<_>>()).find(|form| seen.contains(*form))
    {
        Some(form) => Err(format!("{form:?} is in {seen}")),
        None => Ok(()),
    }
}

pub(crate) fn reflect_echo() -> Behaviour {
    Behaviour::new(
        77,
        "have the store show the credential: in its body, encoded, a byte at a time, in headers, errors, redirects",
        "it goes to its own destination alone, and what comes back of it is masked (defence in depth)",
    )
    .acts(|act| {
        let (store, other) = (Server::plain(Echo).map_err(text)?, Server::plain(Echo).map_err(text)?);
        let site = site(act, &store, &other)?;
        let forms = ["plain", "hex", "base64", "percent", "json", "bytes", "header", "trailer", "location", "here", "error"];
        for form in forms {
            let told = site.ask(&json!({
                "scheme": "http", "authority": store.address().to_string(), "path": format!("/echo/{form}"),
                "header": "x-vault-token", "placeholder": "placeholder-of-the-guest",
            }))?;
            hidden(&told.guest.to_string()).map_err(|error| format!("{form}: {error}"))?;
            hidden(&told.said())?;
            if form == "base64" {
                decoded(&told.guest)?;
            }
        }
        let seen = heads(&store);
        if !seen.contains(&format!("x-vault-token: {TOKEN}\r\n")) || seen.contains("placeholder-of-the-guest\r\n") {
            return Err(format!("the store saw {seen}"));
        }
        site.untouched(&[&other])?;
        site.calm()
    })
}

/// Every base64 text that was told: what it decodes to holds no credential.
fn decoded(told: &Value) -> Result<(), String> {
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
        if !text.contains("x-vault-token") {
            return Err(format!("this is no echo: {text}"));
        }
        hidden(&text)?;
    }
    Ok(())
}

pub(crate) fn dump_credentialed() -> Behaviour {
    Behaviour::new(
        78,
        "read all that a guest can read, its own requests too; set the credential's header itself",
        "the credential is nowhere; the guest's copy is left out, and that is told to the operator",
    )
    .acts(|act| {
        let (store, other) = (Server::plain(Echo).map_err(text)?, Server::plain(Echo).map_err(text)?);
        let site = site(act, &store, &other)?;
        let own = |name: &str| {
            json!({
                "scheme": "http", "authority": store.address().to_string(), "path": "/echo/plain",
                "headers": [[name, "mine"], ["x-free", "yes"]],
            })
        };
        for name in ["x-vault-token", "X-Vault-Token", "x-vault-TOKEN"] {
            let told = site.ask(&own(name))?;
            let dump = told.guest.to_string();
            hidden(&dump)?;
            hidden(&told.said())?;
            if !dump.contains("x-free") || told.reasons() != [Reason::NetHeader] {
                return Err(format!("{name}: {told:?}"));
            }
            let target = |event: &Event| {
                matches!(event, Event::Denied { target, .. } if target.as_str().starts_with("header x-vault-token to GET "))
            };
            if !told.events.iter().any(target) {
                return Err(told.said());
            }
        }
        let seen = heads(&store);
        let lines = seen.to_lowercase().matches("x-vault-token:").count();
        if seen.contains("mine") || lines != 3 || seen.matches(&format!("x-vault-token: {TOKEN}\r\n")).count() != 3 {
            return Err(format!("the store saw {seen}"));
        }
        site.calm()
    })
}

pub(crate) fn reflect_placeholder() -> Behaviour {
    Behaviour::new(
        79,
        "use what it takes for the credential at a host that gets none, and at hosts that are not allowed",
        "it stays the text that it is; the attempt is denied and told",
    )
    .acts(|act| {
        let (store, other) = (Server::plain(Echo).map_err(text)?, Server::plain(Echo).map_err(text)?);
        let site = site(act, &store, &other)?;
        let request = |authority: String| {
            json!({
                "scheme": "http", "authority": authority, "path": "/echo/plain",
                "header": "x-vault-token", "placeholder": "placeholder-of-the-guest",
            })
        };
        // An allowed origin without a credential: no rule lists the header, and no text becomes one.
        let told = site.ask(&request(other.address().to_string()))?;
        hidden(&told.guest.to_string())?;
        for refused in ["own header", "own header in capitals", "own header with underscores"] {
            if told.guest.pointer(&format!("/{refused}/error")) != Some(&json!("HttpRequestDenied")) {
                return Err(format!("{refused}: {told:?}"));
            }
        }
        let seen = heads(&other);
        if seen.contains("\nx-vault-token:") || !seen.contains("GET /echo/plain?v=placeholder-of-the-guest ")
        {
            return Err(format!("the other origin saw {seen}"));
        }
        // An origin that nobody allowed.
        let told = site.ask(&request("evil.example".to_owned()))?;
        let denied = told.events.iter().filter(|event| matches!(event, Event::Denied { .. })).count();
        if denied == 0 || told.guest.pointer("/own header/error") != Some(&json!("HttpRequestDenied")) {
            return Err(format!("{told:?}"));
        }
        hidden(&told.said())?;
        site.untouched(&[&store])?;
        site.calm()
    })
}
