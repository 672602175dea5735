//! Rows 49 to 51, 53 and 54: more than anybody wants, in both directions.

use portcullis_policy::{Event, Reason};
use portcullis_test_servers::echo::Echo;
use portcullis_test_servers::responses::{bodies, complete, heads};
use portcullis_test_servers::{Script, Server};
use serde_json::{Value, json};

use crate::Behaviour;
use crate::act::Act;
use crate::network::{Names, Site, Told, on_store, text};

/// The provider's own limits do not bind here.
const ROOMY: &str = "limits: { cpu: 30s, wall: 60s, requests: 300 }";

/// What a server may have sent before the client went: what sockets and buffers hold, and the cap.
const SENT: u64 = 32 << 20;

/// One request at a server that does this, with these limits of the destination; afterwards its connection is closed.
fn at(act: &Act<'_>, script: Script, limits: &str, more: &Value) -> Result<(Told, u64), String> {
    let server = Server::plain(script).map_err(text)?;
    let keys = format!("{}\n{ROOMY}", on_store(&server.origin(), &format!(", limits: {{ {limits} }}")));
    let site = Site::open(act, Names::default(), &keys)?;
    let mut request = json!({ "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a" });
    if let (Some(request), Some(more)) = (request.as_object_mut(), more.as_object()) {
        request.extend(more.clone());
    }
    let told = site.ask(&request)?;
    site.calm()?;
    Ok((told, server.seen().sent()))
}

pub(crate) fn request_long_answer() -> Behaviour {
    Behaviour::new(
        49,
        "an answer of 10 GiB, and one without end",
        "cut with `HTTP-response-body-size` at `response_bytes`",
    )
    .acts(|act| {
        let whole = json!({ "most": 20_u64 << 30 });
        for script in [bodies::endless(), bodies::long(10 << 30), bodies::endless_small_chunks()] {
            let (told, sent) = at(act, script, "response_bytes: 1MiB", &whole)?;
            told.ended("HttpResponseBodySize(Some(1048576))", &[Reason::NetLimitBytes])?;
            let length = told.guest.get("length").and_then(Value::as_u64).unwrap_or_default();
            if length > 1 << 20 || sent > SENT {
                return Err(format!("the guest has {length} bytes, the server sent {sent}"));
            }
        }
        // What just fits is whole.
        let (told, _) = at(act, bodies::long(1 << 20), "response_bytes: 1MiB", &whole)?;
        if told.text("end") == "closed" { Ok(()) } else { Err(format!("{told:?}")) }
    })
}

pub(crate) fn request_bomb() -> Behaviour {
    Behaviour::new(
        50,
        "a compressed answer that unpacks to a hundred times its size",
        "nothing unpacks it: the guest has the bytes as they came",
    )
    .acts(|act| {
        let (told, _) = at(act, bodies::gzip_bomb(), "response_bytes: 128KiB", &json!({}))?;
        told.status(200)?;
        let length = u64::try_from(bodies::bomb().len()).map_err(text)?;
        if told.guest.get("length") == Some(&json!(length)) && told.text("end") == "closed" {
            return Ok(());
        }
        Err(format!("expected {length} bytes, saw {:?}", told.guest.get("length")))
    })
}

pub(crate) fn request_many_headers() -> Behaviour {
    Behaviour::new(
        51,
        "100,000 headers, one of 50 MB, heads and headers without end",
        "`HTTP-response-header-section-size`; what is held of them is bounded",
    )
    .acts(|act| {
        let rows = [
            heads::many_headers(100_000),
            heads::many_headers(101),
            heads::long_header(50_000_000),
            heads::long_header(70_000),
            heads::endless_headers(),
            heads::endless_header(),
        ];
        for (place, script) in rows.into_iter().enumerate() {
            let (told, sent) = at(act, script, "headers: 100, header_bytes: 64KiB", &json!({}))?;
            told.failed("HttpResponseHeaderSectionSize(None)", &[Reason::NetLimitBytes])
                .map_err(|error| format!("{place}: {error}"))?;
            if sent > SENT {
                return Err(format!("{place}: the server sent {sent} bytes"));
            }
        }
        let (told, _) = at(act, heads::many_headers(90), "headers: 100, header_bytes: 64KiB", &json!({}))?;
        told.answered(200, "ok")
    })
}

pub(crate) fn upload_endless() -> Behaviour {
    Behaviour::new(
        53,
        "send a body of 10 GiB, and one that never ends",
        "`HTTP-request-body-size` at `request_bytes`, or the deadline; the host holds little of it",
    )
    .acts(|act| {
        let server = Server::plain(Echo).map_err(text)?;
        let limits = ", limits: { request_bytes: 256KiB, total: 500ms }";
        let site = Site::open(act, Names::default(), &format!("{}\n{ROOMY}", on_store(&server.origin(), limits)))?;
        let request = |more: Value| {
            let mut request = json!({
                "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a", "method": "POST",
            });
            if let (Some(request), Some(more)) = (request.as_object_mut(), more.as_object()) {
                request.extend(more.clone());
            }
            request
        };
        let told = site.ask(&request(json!({ "zeroes": 10_u64 << 30 })))?;
        told.failed("HttpRequestBodySize(Some(262144))", &[Reason::NetLimitBytes])?;
        if server.seen().received() > 1 << 20 || act.memory() > 16 << 20 {
            return Err(format!("{:?}, {} bytes of the host's memory", server.seen(), act.memory()));
        }
        // What is begun and never ended: a little, and more than is kept whole.
        for size in [1, 128 << 10] {
            let told = site.ask(&request(json!({ "zeroes": size, "unfinished": true })))?;
            told.failed("HttpResponseTimeout", &[Reason::NetDeadline])?;
        }
        site.calm()?;
        // What just fits is sent whole.
        let told = site.ask(&request(json!({ "zeroes": 256 << 10 })))?;
        told.failed("200", &[])
    })
}

pub(crate) fn flood_requests() -> Behaviour {
    Behaviour::new(
        54,
        "10,000 requests in one call, 50 at once",
        "no more than `requests` in the call, no more than `concurrent` at once; said once, and counted",
    )
    .acts(|act| {
        let server = Server::plain(Script::answer(complete("200 OK", "", "ok"))).map_err(text)?;
        let keys = format!("{}\n{ROOMY}", on_store(&server.origin(), ", limits: { concurrent: 4, connect: 30s }"));
        let site = Site::open(act, Names::default(), &keys)?;
        let told = site.ask(&json!({
            "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a", "count": 10_000, "at_once": 50,
        }))?;
        if told.guest != json!({ "200 closed": 300, "ConnectionLimitReached": 9_700 }) {
            return Err(format!("{told:?}"));
        }
        let seen = server.seen();
        // A connection whose answer has ended may still be on its way back to the pool when the next is made.
        if seen.requests().len() != 300 || seen.most_open() > 8 {
            return Err(format!("{} requests, {} at once", seen.requests().len(), seen.most_open()));
        }
        let limit = |event: &&Event| matches!(event, Event::LimitReached { limit: "requests", .. });
        let again = |event: &Event| matches!(event, Event::DeniedAgain { count: 9_699, .. });
        if told.events.iter().filter(limit).count() != 1 || !told.events.iter().any(again) {
            return Err(told.said());
        }
        // The next call has a count of its own.
        site.calm()
    })
}
