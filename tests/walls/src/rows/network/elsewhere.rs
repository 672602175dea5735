//! Rows 39 to 41 and 58: requests that would go elsewhere than they were sent, and what providers share.

use portcullis_policy::Reason;
use portcullis_test_servers::Server;
use portcullis_test_servers::certificates::{Authority, Fault};
use portcullis_test_servers::echo::Echo;
use portcullis_test_servers::responses::redirects;
use serde_json::json;

use crate::Behaviour;
use crate::network::{Names, Site, on_store, text};

/// A value of a credential that no test has by chance.
const TOKEN: &str = "s.marker-of-the-host";

pub(crate) fn request_redirected() -> Behaviour {
    Behaviour::new(
        39,
        "follow a redirect to a metadata address, to another origin, to another path",
        "the host follows none; the guest's own next request is decided on like any other",
    )
    .acts(|act| {
        let other = Server::plain(Echo).map_err(text)?;
        let elsewhere = format!("http://127.0.0.1:{}/v1/a", other.port());
        let rows = [
            ("http://169.254.169.254/latest/meta-data/", Reason::NetUnknownOrigin),
            (elsewhere.as_str(), Reason::NetUnknownOrigin),
            ("https://evil.example/v1/a", Reason::NetUnknownOrigin),
            ("/v2/b", Reason::NetPath),
            ("//evil.example/v1/a", Reason::NetPath),
        ];
        for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
            for (location, reason) in rows {
                let server = Server::plain(redirects::to(status, location)).map_err(text)?;
                let site = Site::open(act, Names::default(), &on_store(&server.origin(), ""))?;
                let request = json!({
                    "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a", "follow": true,
                });
                let told = site.ask(&request)?;
                let followed = told.guest.pointer("/followed/error");
                let refused = followed.is_some_and(|error| error == "HttpRequestDenied");
                if !refused || told.reasons() != [reason] || server.seen().requests().len() != 1 {
                    return Err(format!("{status} {location}: {told:?}"));
                }
                site.untouched(&[&other])?;
                site.calm()?;
            }
        }
        Ok(())
    })
}

pub(crate) fn request_redirected_credential() -> Behaviour {
    Behaviour::new(
        40,
        "take the credential of one origin to another one by a redirect",
        "the credential goes to its own destination alone, though both are allowed",
    )
    .acts(|act| {
        let other = Server::plain(Echo).map_err(text)?;
        let location = format!("{}/v1/b", other.origin());
        let server = Server::plain(redirects::to("307 Temporary Redirect", &location)).map_err(text)?;
        let credential =
            format!("credential: {{ kind: header, name: x-vault-token, from: {{ value: {TOKEN} }} }}");
        let keys = format!(
            "network:\n  - {{ name: store, origin: \"{}\", allow: [GET /v1/**], {credential} }}\n  \
             - {{ name: other, origin: \"{}\", allow: [GET /v1/**] }}",
            server.origin(),
            other.origin()
        );
        let site = Site::open(act, Names::default(), &keys)?;
        let told = site.ask(&json!({
            "scheme": "http", "authority": server.address().to_string(), "path": "/v1/a", "follow": true,
        }))?;
        let heads =
            |server: &Server| String::from_utf8_lossy(&server.seen().requests().concat()).into_owned();
        let (first, second) = (heads(&server), heads(&other));
        if !first.contains(&format!("x-vault-token: {TOKEN}\r\n")) {
            return Err(format!("the store saw no credential: {first}"));
        }
        if !second.starts_with("GET /v1/b ") || second.contains(TOKEN) || second.contains("x-vault-token") {
            return Err(format!("the other origin saw {second}"));
        }
        if told.guest.to_string().contains(TOKEN) { Err(format!("{told:?}")) } else { site.calm() }
    })
}

pub(crate) fn request_proxied() -> Behaviour {
    Behaviour::new(
        41,
        "be sent through a proxy that the environment names",
        "the environment does not count: the request goes to its origin, in origin form",
    )
    .acts(|act| {
        for name in crate::stage::PROXIES {
            if std::env::var(name).as_deref() != Ok(crate::stage::NOBODY) {
                return Err(format!("{name} is not set: there is nothing to be seen"));
            }
        }
        let authority = Authority::new().map_err(text)?;
        std::fs::write(act.scene.join("ca.pem"), authority.pem()).map_err(text)?;
        let plain = Server::plain(Echo).map_err(text)?;
        let config = authority.server(&["store.test"], Fault::None).map_err(text)?;
        let tls = Server::tls(config, Echo).map_err(text)?;
        for (server, scheme) in [(&plain, "http"), (&tls, "https")] {
            let more = ", private: [127.0.0.0/8], tls: { ca: \"{scene}/ca.pem\" }";
            let more = if scheme == "http" { ", private: [127.0.0.0/8]" } else { more };
            let names = Names::default().with("store.test", "127.0.0.1");
            let site = Site::open(act, names, &on_store(&server.origin_at("store.test"), more))?;
            let store = format!("store.test:{}", server.port());
            site.ask(&json!({ "scheme": scheme, "authority": store, "path": "/v1/a" }))?.status(200)?;
            if server.seen().lines() != ["GET /v1/a HTTP/1.1"] {
                return Err(format!("{:?}", server.seen().lines()));
            }
            site.calm()?;
        }
        Ok(())
    })
}

pub(crate) fn request_shared_pool() -> Behaviour {
    Behaviour::new(
        58,
        "learn from a connection or a TLS session what another provider did",
        "each provider has connections and sessions of its own",
    )
    .acts(|act| {
        let authority = Authority::new().map_err(text)?;
        std::fs::write(act.scene.join("ca.pem"), authority.pem()).map_err(text)?;
        let config = authority.server(&["localhost"], Fault::None).map_err(text)?;
        let server = Server::tls(config, Echo).map_err(text)?;
        let keys = on_store(&server.origin_at("localhost"), ", tls: { ca: \"{scene}/ca.pem\" }");
        let request = json!({ "authority": format!("localhost:{}", server.port()), "path": "/v1/a" });
        let names = || Names::default().with("localhost", "127.0.0.1");
        let sites = [Site::open(act, names(), &keys)?, Site::open(act, names(), &keys)?];
        for site in sites.iter().chain(&sites) {
            site.ask(&request)?.status(200)?;
        }
        let seen = server.seen();
        if (seen.connections(), seen.resumed(), seen.requests().len()) == (2, 0, 4) {
            return sites.iter().try_for_each(Site::calm);
        }
        Err(format!(
            "{} connections, {} sessions taken up: {:?}",
            seen.connections(),
            seen.resumed(),
            seen.lines()
        ))
    })
}
