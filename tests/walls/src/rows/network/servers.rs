//! Rows 29, 52 and 56: servers that break the rules of HTTP and TLS.

use portcullis_policy::Reason;
use portcullis_test_servers::certificates::{Authority, Fault, with_protocol};
use portcullis_test_servers::echo::Echo;
use portcullis_test_servers::h2::{Act as H2, Flood};
use portcullis_test_servers::responses::{bodies, framing, heads};
use portcullis_test_servers::{Script, Server, handshake};
use serde_json::json;

use crate::Behaviour;
use crate::act::Act;
use crate::network::{Names, Site, Told, on_store, text};

const ROOMY: &str = "limits: { cpu: 30s, wall: 60s }";

/// One request over plain HTTP at a server that answers so.
fn plain(act: &Act<'_>, script: Script) -> Result<(Told, Told, usize), String> {
    let server = Server::plain(script).map_err(text)?;
    let limits = ", limits: { connect: 300ms, first_byte: 500ms, total: 5s, response_bytes: 1MiB }";
    let site =
        Site::open(act, Names::default(), &format!("{}\n{ROOMY}", on_store(&server.origin(), limits)))?;
    let authority = server.address().to_string();
    let (first, second) = (site.get(&authority)?, site.get(&authority)?);
    site.calm()?;
    Ok((first, second, server.seen().connections()))
}

pub(crate) fn request_smuggled_answer() -> Behaviour {
    Behaviour::new(
        29,
        "answers with two lengths, with length and chunks, with another answer behind them",
        "refused, or read in one way; what is left over is nobody's answer, and the connection is not used again",
    )
    .acts(|act| {
        for (name, bytes) in framing::SMUGGLED {
            let (first, second, connections) = plain(act, Script::answer(*bytes))?;
            let smuggled = [&first, &second].iter().any(|told| told.guest.to_string().contains("smuggled"));
            if smuggled || connections != 2 || first.guest != second.guest {
                return Err(format!("{name}: {connections} connections, {first:?}, {second:?}"));
            }
        }
        for (name, bytes) in framing::BROKEN.iter().chain(heads::BROKEN) {
            let (first, second, connections) = plain(act, Script::answer_and_close(*bytes))?;
            let broken = |told: &Told| ["HttpProtocolError", "ConnectionTerminated"].contains(&told.end().as_str());
            if !broken(&first) || !broken(&second) || connections != 2 {
                return Err(format!("{name}: {connections} connections, {first:?}, {second:?}"));
            }
        }
        Ok(())
    })
}

pub(crate) fn request_broken_off() -> Behaviour {
    Behaviour::new(
        52,
        "answers that are broken off, that change the protocol, and informational ones without end",
        "an error of the connection, or the deadline",
    )
    .acts(|act| {
        let rows = [
            ("reset", bodies::reset_in_the_middle(), "ConnectionTerminated", &[][..]),
            ("closed", bodies::closed_in_the_middle(), "ConnectionTerminated", &[]),
            ("reset at once", handshake::reset(), "ConnectionTerminated", &[]),
            ("closed at once", handshake::closed(), "ConnectionTerminated", &[]),
            ("informational", heads::informational_flood(), "HttpResponseTimeout", &[Reason::NetDeadline]),
        ];
        for (name, script, error, reasons) in rows {
            let (first, second, _) = plain(act, script)?;
            for told in [first, second] {
                // One that is gone at once may be gone before the connection is seen to stand.
                let refused = || told.failed("ConnectionRefused", reasons);
                let outcome = told.failed(error, reasons).or_else(|_| told.ended(error, reasons));
                let outcome =
                    outcome.or_else(|error| if name.ends_with("at once") { refused() } else { Err(error) });
                outcome.map_err(|error| format!("{name}: {error}"))?;
            }
        }
        Ok(())
    })
}

/// A site at `https://localhost`, whose certificate the authority of the scene signed.
fn over_tls<'a>(act: &'a Act<'_>, server: &Server, limits: &str) -> Result<Site<'a>, String> {
    let more = format!(", tls: {{ ca: \"{{scene}}/ca.pem\" }}, limits: {{ {limits} }}");
    let origin = format!("https://localhost:{}", server.port());
    Site::open(
        act,
        Names::default().with("localhost", "127.0.0.1"),
        &format!("{}\n{ROOMY}", on_store(&origin, &more)),
    )
}

fn authority(act: &Act<'_>) -> Result<Authority, String> {
    let authority = Authority::new().map_err(text)?;
    std::fs::write(act.scene.join("ca.pem"), authority.pem()).map_err(text)?;
    Ok(authority)
}

pub(crate) fn request_h2_floods() -> Behaviour {
    Behaviour::new(
        52,
        "HTTP/2: CONTINUATION, PING, SETTINGS, RST, WINDOW_UPDATE and empty frames without end, header bombs, pushes",
        "an error of the connection, or the deadline; the host's memory stays small, and the next request works",
    )
    .acts(|act| {
        let authority = authority(act)?;
        let h2 = |flood| -> Result<Server, String> {
            let config = authority.server(&["localhost"], Fault::None).map_err(text)?;
            Server::tls(with_protocol(config, b"h2"), Flood(flood)).map_err(text)
        };
        let request = |server: &Server| json!({ "authority": format!("localhost:{}", server.port()), "path": "/v1/a" });
        let limits = "connect: 1s, first_byte: 500ms, total: 2s, response_bytes: 1MiB";
        let floods = [
            H2::Continuation,
            H2::EmptyContinuation,
            H2::Ping,
            H2::Settings,
            H2::Reset,
            H2::HeaderBomb,
            H2::EmptyData,
            H2::Informational,
            H2::Push,
            H2::WindowUpdate,
            H2::GoAway,
            H2::OversizedFrame,
            H2::UnknownStream,
        ];
        for flood in floods {
            let server = h2(flood)?;
            let site = over_tls(act, &server, limits)?;
            let told = site.ask(&request(&server))?;
            let codes = [
                "ConnectionTerminated",
                "HttpProtocolError",
                "HttpResponseHeaderSectionSize(None)",
                "HttpResponseTimeout",
            ];
            let ended = codes.contains(&told.end().as_str());
            if !ended || server.seen().requests().len() != 1 || act.memory() > 48 << 20 {
                return Err(format!("{flood:?}: {told:?}, {} bytes of the host's memory", act.memory()));
            }
            site.calm()?;
        }
        let server = h2(H2::Answer)?;
        let site = over_tls(act, &server, limits)?;
        site.ask(&request(&server))?.answered(200, "ok")?;
        site.calm()
    })
}

pub(crate) fn request_certificates() -> Behaviour {
    Behaviour::new(
        56,
        "certificates of other names, out of time, of nobody, of clients; TLS 1.1; no TLS",
        "no request is sent; the guest has the kind of failure, and no more",
    )
    .acts(|act| {
        let authority = authority(act)?;
        let of = |names: &[&str], fault| -> Result<Server, String> {
            Server::tls(authority.server(names, fault).map_err(text)?, Echo).map_err(text)
        };
        let stranger = Authority::new().map_err(text)?.server(&["localhost"], Fault::None).map_err(text)?;
        let rows = [
            ("another name", of(&["other.test"], Fault::None)?, "TlsCertificateError"),
            (
                "a longer name",
                of(&["a.localhost", "localhost.test", "*.localhost"], Fault::None)?,
                "TlsCertificateError",
            ),
            ("its address", of(&["127.0.0.1"], Fault::None)?, "TlsCertificateError"),
            ("expired", of(&["localhost"], Fault::Expired)?, "TlsCertificateError"),
            ("not yet valid", of(&["localhost"], Fault::NotYet)?, "TlsCertificateError"),
            ("self-signed", of(&["localhost"], Fault::SelfSigned)?, "TlsCertificateError"),
            ("of a client", of(&["localhost"], Fault::ClientOnly)?, "TlsCertificateError"),
            ("of another authority", Server::tls(stranger, Echo).map_err(text)?, "TlsCertificateError"),
            ("TLS 1.1", Server::plain(handshake::only_tls_1_1()).map_err(text)?, "TlsProtocolError"),
            (
                "an alert",
                Server::plain(handshake::protocol_version_alert()).map_err(text)?,
                "TlsProtocolError",
            ),
            ("no TLS", Server::plain(handshake::no_tls()).map_err(text)?, "TlsProtocolError"),
        ];
        for (name, server, error) in &rows {
            let site = over_tls(act, server, "first_byte: 2s")?;
            let request = json!({ "authority": format!("localhost:{}", server.port()), "path": "/v1/a" });
            let told = site.ask(&request)?;
            if told.guest != json!({ "error": error }) || !server.seen().requests().is_empty() {
                return Err(format!("{name}: {told:?}, {:?}", server.seen().lines()));
            }
            site.calm()?;
        }
        let good = of(&["localhost"], Fault::None)?;
        let site = over_tls(act, &good, "first_byte: 2s")?;
        site.ask(&json!({ "authority": format!("localhost:{}", good.port()), "path": "/v1/a" }))?
            .status(200)?;
        site.calm()
    })
}
