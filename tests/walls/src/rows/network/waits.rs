//! Rows 46 to 48 and 55: servers that do not answer, and guests that do not let go.

use portcullis_policy::Reason;
use portcullis_sandbox::CallError;
use portcullis_test_servers::certificates::Authority;
use portcullis_test_servers::echo::Echo;
use portcullis_test_servers::responses::bodies;
use portcullis_test_servers::{Script, Server, handshake};
use serde_json::json;

use crate::Behaviour;
use crate::act::Act;
use crate::network::{Names, Site, Told, on_store, text};

/// One GET of `/v1/a` at a server that does this, with these limits of the destination. Its connection is closed in the end.
fn at(act: &Act<'_>, script: Script, limits: &str, more: serde_json::Value) -> Result<Told, String> {
    let server = Server::plain(script).map_err(text)?;
    let keys = format!(
        "{}\nlimits: {{ cpu: 30s, wall: 60s }}",
        on_store(&server.origin(), &format!(", limits: {{ {limits} }}"))
    );
    let site = Site::open(act, Names::default(), &keys)?;
    let mut request = json!({ "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a" });
    if let (Some(request), Some(more)) = (request.as_object_mut(), more.as_object()) {
        request.extend(more.clone());
    }
    let told = site.ask(&request)?;
    site.calm()?;
    site.closed(&server)?;
    Ok(told)
}

pub(crate) fn request_slow() -> Behaviour {
    Behaviour::new(
        47,
        "a server that takes the request and says nothing, half of a head, or one byte of its body, and then nothing",
        "`HTTP-response-timeout` at the destination's limits, whatever the guest asked for",
    )
    .acts(|act| {
        let short = "connect: 300ms, first_byte: 200ms, total: 30s";
        for script in [bodies::no_answer(), bodies::half_a_head()] {
            at(act, script, short, json!({}))?.failed("HttpResponseTimeout", &[Reason::NetDeadline])?;
        }
        at(act, bodies::drip(), short, json!({}))?.ended("HttpResponseTimeout", &[Reason::NetDeadline])?;
        // Something comes all the time: the whole request has an end, too.
        let steady = "first_byte: 30s, total: 300ms, response_bytes: 1GiB";
        at(act, bodies::endless_small_chunks(), steady, json!({ "most": 1_u64 << 30 }))?
            .ended("HttpResponseTimeout", &[Reason::NetDeadline])
    })
}

pub(crate) fn request_timeouts() -> Behaviour {
    Behaviour::new(
        46,
        "timeouts of ten hours, of the longest number there is, and of zero",
        "no longer than the policy's; zero is the shortest, and nothing breaks",
    )
    .acts(|act| {
        let limits = "connect: 300ms, first_byte: 200ms, total: 30s";
        for time in [36_000_000_000_000_u64, u64::MAX, u64::MAX / 2] {
            let asked = json!({ "timeouts": [time, time, time] });
            at(act, bodies::no_answer(), limits, asked.clone())?
                .failed("HttpResponseTimeout", &[Reason::NetDeadline])?;
            at(act, bodies::drip(), limits, asked)?.ended("HttpResponseTimeout", &[Reason::NetDeadline])?;
        }
        for time in [0, 1, 999] {
            let told =
                at(act, bodies::no_answer(), "connect: 1s", json!({ "timeouts": [time, time, time] }))?;
            // Which of the two is over first is not said.
            told.failed("HttpResponseTimeout", &[Reason::NetDeadline])
                .or_else(|_| told.failed("ConnectionTimeout", &[Reason::NetDeadline]))
                .or_else(|_| told.failed("ConnectionLimitReached", &[Reason::NetLimitRequests]))?;
        }
        Ok(())
    })
}

pub(crate) fn request_handshake() -> Behaviour {
    Behaviour::new(
        48,
        "a TLS handshake that never ends: no byte, or a piece of the first message",
        "`connection-timeout` at the destination's `connect`",
    )
    .acts(|act| {
        let authority = Authority::new().map_err(text)?;
        std::fs::write(act.scene.join("ca.pem"), authority.pem()).map_err(text)?;
        for script in [handshake::silent(), handshake::half()] {
            let server = Server::plain(script).map_err(text)?;
            let origin = format!("https://localhost:{}", server.port());
            let keys = on_store(&origin, ", tls: { ca: \"{scene}/ca.pem\" }, limits: { connect: 300ms }");
            let site = Site::open(act, Names::default().with("localhost", "127.0.0.1"), &keys)?;
            site.ask(&json!({ "authority": format!("localhost:{}", server.port()), "path": "/v1/a" }))?
                .failed("ConnectionTimeout", &[Reason::NetDeadline])?;
            site.calm()?;
            site.closed(&server)?;
        }
        Ok(())
    })
}

pub(crate) fn hold_unread() -> Behaviour {
    Behaviour::new(
        55,
        "open responses, read none and let go of none; stay, or leave them behind",
        "no more at once than `concurrent`; at the end of the call each connection is closed",
    )
    .acts(|act| {
        let server = Server::plain(bodies::long(8 << 20)).map_err(text)?;
        let limits = ", limits: { concurrent: 4, connect: 100ms, response_bytes: 16MiB }";
        let keys = format!("{}\nlimits: {{ wall: 3s, cpu: 3s }}", on_store(&server.origin(), limits));
        let site = Site::open(act, Names::default(), &keys)?;
        let request = |wait: bool| {
            let authority = server.address().to_string();
            json!({ "scheme": "http", "authority": authority, "path": "/v1/a", "count": 7, "wait": wait })
        };
        let told = site.value(&request(false))?;
        if told != "held=4;other=ConnectionLimitReached" || server.seen().most_open() != 4 {
            return Err(format!("{told}, {:?}", server.seen()));
        }
        site.calm()?;
        site.closed(&server)?;
        // The same, in a call that does not end by itself.
        match site.call(&[format!("attack:{}", request(true))]) {
            Err(CallError::Wall { .. }) => {}
            other => return Err(format!("expected the end by `limits.wall`, saw {other:?}")),
        }
        site.closed(&server)?;
        if server.seen().connections() != 8 {
            return Err(format!("{:?}", server.seen()));
        }
        site.calm()
    })
}

pub(crate) fn client_recovers() -> Behaviour {
    use portcullis_test_servers::responses::statuses::{Recovers, always};
    Behaviour::new(
        47,
        "a backend with the SDK's client at servers that fail, ask to wait, or answer at great length",
        "tried again where that may help, within the call's deadline; else an error that says what to do",
    )
    .acts(|act| {
        let ask = |server: &Server, more: &str| -> Result<String, String> {
            let keys = format!("{}\nlimits: {{ wall: 4s, cpu: 4s }}", on_store(&server.origin(), ", limits: { connect: 300ms, first_byte: 300ms }"));
            let site = Site::open(act, Names::default(), &keys)?;
            let url = format!("{}/v1/a", server.origin());
            let request: serde_json::Value =
                serde_json::from_str(&format!("{{\"requests\": [{{\"url\": \"{url}\"{more}}}], \"limit\": 1000}}")).map_err(text)?;
            let told = site.value(&request)?;
            site.calm()?;
            Ok(told.replace(&url, "URL"))
        };
        let requests = |server: &Server| server.seen().requests().len();

        let server = Server::plain(Recovers::after(2, "503 Service Unavailable", "retry-after: 0\r\n")).map_err(text)?;
        expect(&ask(&server, "")?, "200 2", requests(&server), 3)?;
        let server = Server::plain(Recovers::after(1, "429 Too Many Requests", "retry-after: 1\r\n")).map_err(text)?;
        expect(&ask(&server, ", \"method\": \"POST\", \"body\": \"x\"")?, "200 2", requests(&server), 2)?;
        let server = Server::plain(always("500 Internal Server Error", "")).map_err(text)?;
        let words = "Unavailable GET URL: the server answered with status 500 (tried 3 times)";
        expect(&ask(&server, "")?, words, requests(&server), 3)?;
        let server = Server::plain(always("500 Internal Server Error", "")).map_err(text)?;
        let words = "Unavailable POST URL: the server answered with status 500";
        expect(&ask(&server, ", \"method\": \"POST\", \"body\": \"x\"")?, words, requests(&server), 1)?;
        // A wait that would end after the call's deadline is not begun.
        let server = Server::plain(always("503 Service Unavailable", "retry-after: 3600\r\n")).map_err(text)?;
        expect(&ask(&server, "")?, "Unavailable GET URL: the server answered with status 503", requests(&server), 1)?;
        let server = Server::plain(bodies::long(1_001)).map_err(text)?;
        expect(&ask(&server, "")?, "GET URL: the answer has more than 1000 bytes", requests(&server), 1)?;
        let server = Server::plain(bodies::no_answer()).map_err(text)?;
        let words = "GET URL: no answer from the server: it does not answer in time (tried 3 times)";
        expect(&ask(&server, "")?, words, requests(&server), 3)?;
        let server = Server::plain(bodies::closed_in_the_middle()).map_err(text)?;
        let words = "GET URL: no answer from the server: the connection broke (tried 3 times)";
        expect(&ask(&server, "")?, words, requests(&server), 3)?;
        let server = Server::plain(Echo).map_err(text)?;
        let words = "DELETE URL: the policy does not allow it: `portcullis policy explain --request` says what is missing";
        expect(&ask(&server, ", \"method\": \"DELETE\"")?, words, requests(&server), 0)
    })
}

fn expect(told: &str, words: &str, requests: usize, expected: usize) -> Result<(), String> {
    if told == words && requests == expected {
        return Ok(());
    }
    Err(format!("expected {words:?} after {expected} requests, saw {told:?} after {requests}"))
}
