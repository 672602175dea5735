//! Row 30: headers in trailers.

use portcullis_test_servers::Server;
use portcullis_test_servers::echo::Echo;
use serde_json::{Value, json};

use crate::Behaviour;
use crate::network::{Names, Site, on_store, text};

pub(crate) fn trailers_sent() -> Behaviour {
    Behaviour::new(
        30,
        "put headers of the host and of its credential into the trailers of a body",
        "no trailer of a guest is sent: nothing has judged its name",
    )
    .acts(|act| {
        let server = Server::plain(Echo).map_err(text)?;
        let more = ", limits: { request_bytes: 1MiB }, credential: { kind: header, name: x-vault-token, from: { value: s.marker-of-the-host } }";
        let site = Site::open(act, Names::default(), &on_store(&server.origin(), more))?;
        for size in [1, 128 << 10] {
            let before = server.seen().requests().len();
            let told = site.ask(&json!({
                "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a", "method": "POST",
                "zeroes": size,
            }))?;
            let sent = told.guest.get("sent").and_then(Value::as_object).ok_or("nothing is told")?;
            let heads = String::from_utf8_lossy(&server.seen().requests().concat()).to_lowercase();
            if sent.is_empty() || server.seen().requests().len() - before != sent.len() {
                return Err(format!("{told:?}: {heads}"));
            }
            // The echo shows what came behind the body, too.
            if told.guest.to_string().contains("evil") || heads.contains("evil") || heads.contains("trailer:") {
                return Err(format!("{told:?}: {heads}"));
            }
        }
        site.calm()
    })
}
