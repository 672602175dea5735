//! Rows 23 to 33 and 45: requests that a policy does not allow, in every spelling.

use portcullis_policy::{Event, Reason};
use portcullis_test_servers::Server;
use portcullis_test_servers::echo::Echo;
use serde_json::{Value, json};

use crate::Behaviour;
use crate::act::Act;
use crate::network::Expected::{Denied, Part};
use crate::network::{Names, Site, Spelled, on_store, refuses, text};

/// What every row here must come to.
const REFUSED: &str = "`HTTP-request-denied`, one reason for the operator; no lookup and no connection";

/// A permitted request, and the same with these differences, against an echo at 127.0.0.1.
fn table(act: &Act<'_>, more: &str, rows: fn(u16) -> Vec<Spelled>) -> Result<(), String> {
    let server = Server::plain(Echo).map_err(text)?;
    let site = Site::open(act, Names::default(), &on_store(&server.origin(), more))?;
    let permitted = json!({ "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a" });
    refuses(&site, &server, &permitted, &rows(server.port()))
}

fn at(authority: impl Into<String>, expected: crate::network::Expected) -> Spelled {
    (json!({ "authority": authority.into() }), expected)
}

fn path(path: &str, expected: crate::network::Expected) -> Spelled {
    (json!({ "path": path }), expected)
}

fn header(name: &str, expected: crate::network::Expected) -> Spelled {
    (json!({ "headers": [[name, "x"]] }), expected)
}

pub(crate) fn request_unlisted() -> Behaviour {
    Behaviour::new(23, "requests to hosts that no destination names", REFUSED).acts(|act| {
        table(act, "", |port| {
            let unknown = Denied(Reason::NetUnknownOrigin);
            vec![
                at("evil.example", unknown),
                at(format!("evil.example:{port}"), unknown),
                at("127.0.0.1", unknown),
                at(format!("127.0.0.2:{port}"), unknown),
                at(format!("localhost:{port}"), unknown),
                at("169.254.169.254", unknown),
                at(format!("127.0.0.1.evil.example:{port}"), unknown),
                at(format!("evil-127.0.0.1:{port}"), Denied(Reason::NetNoncanonicalHost)),
            ]
        })?;
        // The same again is counted, and not told again.
        let server = Server::plain(Echo).map_err(text)?;
        let site = Site::open(act, Names::default(), &on_store(&server.origin(), ""))?;
        let asked = ["a", "a", "a", "b"].map(|host| {
            format!(
                "attack:{}",
                json!({ "authority": format!("{host}.example"), "path": "/v1/a?token=hunter2" })
            )
        });
        site.call(
            &asked
                .iter()
                .enumerate()
                .map(|(at, text)| format!("{text}{}", " ".repeat(at)))
                .collect::<Vec<_>>(),
        )
        .map_err(text)?;
        let events = site.events();
        let denied = events.iter().filter(|event| matches!(event, Event::Denied { .. })).count();
        let again = |event: &Event| matches!(event, Event::DeniedAgain { count: 2, .. });
        if denied != 2 || !events.iter().any(again) || format!("{events:?}").contains("hunter2") {
            return Err(format!(
                "expected two denials and two more of the first, without a query: {events:?}"
            ));
        }
        site.untouched(&[&server])
    })
}

pub(crate) fn request_beside() -> Behaviour {
    Behaviour::new(24, "an allowed host with another port, scheme, method, path, query or header", REFUSED)
        .acts(|act| {
            table(act, ", query: [version], headers: [x-free]", |port| {
                vec![
                    at(
                        format!("127.0.0.1:{}", port.wrapping_add(1).max(1)),
                        Denied(Reason::NetUnknownOrigin),
                    ),
                    (json!({ "scheme": "https" }), Denied(Reason::NetUnknownOrigin)),
                    (json!({ "scheme": null }), Denied(Reason::NetUnknownOrigin)),
                    (json!({ "method": "DELETE" }), Denied(Reason::NetMethod)),
                    (json!({ "method": "PUT", "body": "x" }), Denied(Reason::NetMethod)),
                    (json!({ "method": "get" }), Denied(Reason::NetMethod)),
                    (json!({ "method": "LIST" }), Denied(Reason::NetMethod)),
                    path("/", Denied(Reason::NetPath)),
                    path("/v2/a", Denied(Reason::NetPath)),
                    path("/V1/a", Denied(Reason::NetPath)),
                    path("/v10/a", Denied(Reason::NetPath)),
                    path("/v1/../v2/a", Denied(Reason::NetPath)),
                    path("/v1/./a", Denied(Reason::NetPath)),
                    path("/v1/%2e%2e/v2/a", Denied(Reason::NetPath)),
                    path("/v1/a%2fb", Denied(Reason::NetPath)),
                    path("/v1//a", Denied(Reason::NetPath)),
                    path("/v1/a;b", Denied(Reason::NetPath)),
                    path("/v1/a%00", Denied(Reason::NetPath)),
                    path("/%76%31/a", Denied(Reason::NetPath)),
                    path("/v1/a?", Denied(Reason::NetQuery)),
                    path("/v1/a?list=true", Denied(Reason::NetQuery)),
                    path("/v1/a?version=1&list=true", Denied(Reason::NetQuery)),
                    path("/v1/a?Version=1", Denied(Reason::NetQuery)),
                    header("x-other", Denied(Reason::NetHeader)),
                    header("x_free", Denied(Reason::NetHeader)),
                    header("authorization", Denied(Reason::NetHeader)),
                    header("cookie", Denied(Reason::NetHeader)),
                    header("x-forwarded-for", Denied(Reason::NetHeader)),
                    header("x-http-method-override", Denied(Reason::NetHeader)),
                ]
            })
        })
}

pub(crate) fn request_userinfo() -> Behaviour {
    Behaviour::new(25, "a user name before the host, to move the host", REFUSED).acts(|act| {
        table(act, "", |port| {
            let denied = Denied(Reason::NetUserinfo);
            vec![
                at(format!("127.0.0.1:{port}@evil.example"), denied),
                at(format!("127.0.0.1@evil.example:{port}"), denied),
                at(format!("evil.example@127.0.0.1:{port}"), denied),
                at(format!("user:password@127.0.0.1:{port}"), denied),
                at(format!("@127.0.0.1:{port}"), denied),
                at("x.amazonaws.com:z@evil.example", denied),
                at(format!("a@b@127.0.0.1:{port}"), denied),
                at(format!("127.0.0.1:{port}%40evil.example"), Part("authority")),
                at(format!("127.0.0.1:{port}/@evil.example"), Part("authority")),
            ]
        })
    })
}

pub(crate) fn request_absolute() -> Behaviour {
    Behaviour::new(26, "a whole URL, or another host, where the path should be", REFUSED).acts(|act| {
        table(act, "", |_| {
            vec![
                path("http://evil.example/v1/a", Part("path")),
                path("//evil.example/v1/a", Denied(Reason::NetPath)),
                path("/v1//evil.example/a", Denied(Reason::NetPath)),
                path("/\\evil.example/v1/a", Denied(Reason::NetPath)),
                path("v1/a", Part("path")),
                path("@evil.example/v1/a", Part("path")),
                path(":80/v1/a", Part("path")),
                path("*", Part("path")),
                path("", Denied(Reason::NetPath)),
                path("?version=1", Denied(Reason::NetPath)),
                (json!({ "path": null }), Part("HttpProtocolError")),
            ]
        })
    })
}

pub(crate) fn request_odd_bytes() -> Behaviour {
    Behaviour::new(
        27,
        "line ends, zero bytes, spaces, `#` and backslashes in host, path, method and headers",
        REFUSED,
    )
    .acts(|act| {
        table(act, ", headers: [x-free]", |port| {
            let mut rows = Vec::new();
            for odd in ["\r\n", "\n", "\0", " ", "\t", "\\", "\u{7f}", "\u{e9}", "\u{2028}"] {
                // Where the interface takes it, the policy does not.
                let late = matches!(odd, "\\" | "\u{e9}" | "\u{2028}");
                let expected = if late { Denied(Reason::NetPath) } else { Part("path") };
                rows.push(path(&format!("/v1/a{odd}b"), expected));
                rows.push(at(format!("127.0.0.1{odd}:{port}"), Part("authority")));
                rows.push((json!({ "method": format!("GET{odd}") }), Part("method")));
            }
            rows.push(path("/v1/a HTTP/1.1\r\nhost: evil.example\r\n\r\nGET /v2/b", Part("path")));
            rows.push(at(format!("127.0.0.1:{port}#evil.example"), Part("authority")));
            rows.push(at(format!("127.0.0.1:{port}?evil.example"), Part("authority")));
            rows.push((json!({ "scheme": "http://evil.example/" }), Part("scheme")));
            for value in ["a\r\nx-evil: b", "a\nb", "a\0b"] {
                let spelled = json!({ "headers": [["x-free", value]] });
                rows.push((spelled, Part("header \"x-free\": invalid-syntax")));
            }
            rows.push((
                json!({ "headers": [["x-free\r\nx", "a"]] }),
                Part("header \"x-free\\r\\nx\": invalid-syntax"),
            ));
            rows
        })
    })
}

pub(crate) fn request_own_host() -> Behaviour {
    Behaviour::new(28, "a host of its own in the headers", "refused by name; the server sees the host of the URL, once")
        .acts(|act| {
            let server = Server::plain(Echo).map_err(text)?;
            let site = Site::open(act, Names::default(), &on_store(&server.origin_at("localhost"), ""))?;
            // The lookup of `localhost` is the test's, too.
            site.names.answer("localhost", "127.0.0.1");
            let authority = format!("LocalHost:{}", server.port());
            let permitted = json!({ "scheme": "http", "authority": authority, "path": "/v1/a" });
            let told = site.ask(&permitted)?;
            told.status(200)?;
            let expected = format!("host: localhost:{}\r\n", server.port());
            if told.text("body").to_lowercase().matches("\r\nhost:").count() != 1 || !told.text("body").contains(&expected) {
                return Err(format!("expected {expected:?} alone, saw {:?}", told.text("body")));
            }
            let part = |name: &str| format!("header {name:?}: forbidden");
            for name in ["host", "Host", "HOST"] {
                let told = site.ask(&json!({ "scheme": "http", "authority": authority, "headers": [[name, "evil.example"]] }))?;
                if told.guest != json!({ "refused": part(name) }) {
                    return Err(format!("{name}: {told:?}"));
                }
            }
            for name in [":authority", "x-forwarded-host", "forwarded", "x-host"] {
                let told = site.ask(&json!({
                    "scheme": "http", "authority": authority, "path": "/v1/a", "headers": [[name, "evil.example"]],
                }))?;
                if told.text("refused").is_empty() {
                    told.denied(Reason::NetHeader)?;
                }
            }
            if server.seen().requests().len() == 1 { site.calm() } else { Err("another request left".to_owned()) }
        })
}

pub(crate) fn request_hop_by_hop() -> Behaviour {
    Behaviour::new(
        29,
        "headers of the connection, and lengths that contradict the body",
        "refused, or left out; the host counts",
    )
    .acts(|act| {
        table(act, "", |_| {
            let forbidden = |name: &'static str| {
                let part: &'static str = match name {
                    "connection" => "header \"connection\": forbidden",
                    "keep-alive" => "header \"keep-alive\": forbidden",
                    "proxy-connection" => "header \"proxy-connection\": forbidden",
                    "transfer-encoding" => "header \"transfer-encoding\": forbidden",
                    "upgrade" => "header \"upgrade\": forbidden",
                    _ => "header \"http2-settings\": forbidden",
                };
                header(name, Part(part))
            };
            let mut rows = [
                "connection",
                "keep-alive",
                "proxy-connection",
                "transfer-encoding",
                "upgrade",
                "http2-settings",
            ]
            .map(forbidden)
            .to_vec();
            rows.extend(
                ["te", "trailer", "expect", "via"].map(|name| header(name, Denied(Reason::NetHeader))),
            );
            rows
        })?;
        lengths(act)
    })
}

/// Lengths of the guest's own: either the host's interface refuses the request, or the server sees the one true length.
fn lengths(act: &Act<'_>) -> Result<(), String> {
    let server = Server::plain(Echo).map_err(text)?;
    let site = Site::open(act, Names::default(), &on_store(&server.origin(), ""))?;
    let rows: [(Value, bool); 6] = [
        (json!([["content-length", "4"]]), true),
        (json!([["content-length", "0"]]), false),
        (json!([["content-length", "400"]]), false),
        (json!([["content-length", "4"], ["content-length", "4"]]), false),
        (json!([["content-length", "4"], ["content-length", "2"]]), false),
        (json!([["content-length", "+4"]]), false),
    ];
    for (headers, sent) in rows {
        let told = site.ask(&json!({
            "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a",
            "method": "POST", "body": "body", "headers": headers,
        }))?;
        let body = told.text("body").to_lowercase();
        let true_length =
            body.matches("content-length: 4\r\n").count() == 1 && body.ends_with("\r\n\r\nbody");
        let framed = !body.contains("transfer-encoding") && body.matches("content-length").count() == 1;
        let refused = told.guest.get("status").is_none();
        let right = if sent { true_length && framed } else { refused || true_length };
        if !right {
            return Err(format!("{headers}: {told:?}"));
        }
    }
    site.calm()
}

pub(crate) fn request_other_spellings() -> Behaviour {
    Behaviour::new(
        31,
        "other spellings of an allowed name: capitals, a last dot, escapes, look-alikes",
        "one spelling for the decision and for the connection; the rest is refused",
    )
    .acts(|act| {
        let server = Server::plain(Echo).map_err(text)?;
        let site = Site::open(act, Names::default(), &on_store(&server.origin_at("localhost"), ""))?;
        site.names.answer("localhost", "127.0.0.1");
        let port = server.port();
        let permitted =
            json!({ "scheme": "http", "authority": format!("localhost:{port}"), "path": "/v1/a" });
        let odd = Denied(Reason::NetNoncanonicalHost);
        let rows = vec![
            at(format!("localhost.:{port}"), odd),
            at(format!("localhost..:{port}"), odd),
            at(format!(".localhost:{port}"), odd),
            at(format!("local%68ost:{port}"), Part("authority")),
            at(format!("localhost:{port}0000"), odd),
            at(format!("localhost:0{port}"), odd),
            at("localhost:", odd),
            at("localhost:http", odd),
            at(format!("localhost:+{port}"), odd),
            at(format!("l\u{43e}calhost:{port}"), Part("authority")),
            at(format!("\u{ff4c}ocalhost:{port}"), Part("authority")),
            at(format!("localhost\u{3002}:{port}"), Part("authority")),
            at(format!("xn--lcalhost-8ve:{port}"), Denied(Reason::NetUnknownOrigin)),
            at(format!("local_host:{port}"), Denied(Reason::NetUnknownOrigin)),
            at(format!("*:{port}"), odd),
            at("", Part("authority")),
            (json!({ "authority": null }), Part("HttpRequestUriInvalid")),
        ];
        refuses(&site, &server, &permitted, &rows)?;
        // Capitals are the same name: it is looked up, and sent, in the one spelling.
        site.ask(&json!({ "scheme": "http", "authority": format!("LOCALHOST:{port}"), "path": "/v1/a" }))?
            .status(200)?;
        let asked = site.names.asked();
        if asked.iter().any(|name| name != "localhost") { Err(format!("{asked:?}")) } else { Ok(()) }
    })
}

pub(crate) fn request_odd_v4() -> Behaviour {
    Behaviour::new(32, "IPv4 addresses in decimal, octal, hexadecimal and short", REFUSED).acts(|act| {
        table(act, "", |port| {
            let odd = Denied(Reason::NetNoncanonicalHost);
            let rows = [
                "2130706433",
                "0x7f000001",
                "017700000001",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "127.0.0.01",
                "127.0.0.1.",
                "127.0.0.256",
                "127.0.0.1.1",
                "127.0.0.0x1",
            ];
            let mut rows: Vec<Spelled> = rows.iter().map(|host| at(format!("{host}:{port}"), odd)).collect();
            rows.push(at(format!("\u{ff11}27.0.0.1:{port}"), Part("authority")));
            rows.push(at(format!("127\u{3002}0.0.1:{port}"), Part("authority")));
            rows.push(at(format!("0.0.0.0:{port}"), Denied(Reason::NetUnknownOrigin)));
            rows
        })
    })
}

pub(crate) fn request_odd_v6() -> Behaviour {
    Behaviour::new(33, "IPv6 addresses: loopback, mapped, long, with a zone, without brackets", REFUSED).acts(
        |act| {
            table(act, "", |port| {
                let (odd, unknown) = (Denied(Reason::NetNoncanonicalHost), Denied(Reason::NetUnknownOrigin));
                vec![
                    at(format!("[::1]:{port}"), unknown),
                    at(format!("[::]:{port}"), unknown),
                    at(format!("[::ffff:127.0.0.1]:{port}"), odd),
                    at(format!("[::ffff:7f00:1]:{port}"), odd),
                    at(format!("[0:0:0:0:0:0:0:1]:{port}"), odd),
                    at(format!("[::0001]:{port}"), odd),
                    at(format!("[fe80::1%25lo]:{port}"), odd),
                    at(format!("[fe80::1%lo]:{port}"), odd),
                    at(format!("::1:{port}"), Part("authority")),
                    at(format!("[::1:{port}"), Part("authority")),
                    at(format!("::1]:{port}"), Part("authority")),
                    at(format!("[127.0.0.1]:{port}"), odd),
                    at(format!("[v1.x]:{port}"), odd),
                ]
            })
        },
    )
}

pub(crate) fn request_methods() -> Behaviour {
    Behaviour::new(45, "CONNECT, TRACE, upgrades and expectations", "refused: no policy can allow them").acts(
        |act| {
            table(act, "", |_| {
                let method = |name: &str| (json!({ "method": name }), Denied(Reason::NetMethod));
                vec![
                    method("CONNECT"),
                    method("TRACE"),
                    method("connect"),
                    method("PRI"),
                    method("TRACK"),
                    (json!({ "method": "" }), Part("method")),
                    header("upgrade", Part("header \"upgrade\": forbidden")),
                    header("expect", Denied(Reason::NetHeader)),
                    header("sec-websocket-key", Denied(Reason::NetHeader)),
                    header("x-method-override", Denied(Reason::NetHeader)),
                ]
            })?;
            for method in ["CONNECT", "TRACE"] {
                let keys = format!(
                    "network: [{{ name: store, origin: \"https://h.example\", allow: [{method} /v1/**] }}]"
                );
                if Site::open(act, Names::default(), &keys).is_ok() {
                    return Err(format!("a policy allows {method}"));
                }
            }
            Ok(())
        },
    )
}
