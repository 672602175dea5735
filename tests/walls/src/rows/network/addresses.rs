//! Rows 34 to 38, 43, 44 and 57: names that lead elsewhere than they seem to.

use portcullis_policy::Reason;
use portcullis_test_servers::echo::Echo;
use portcullis_test_servers::{Script, Server, responses};
use serde_json::json;

use crate::Behaviour;
use crate::act::Act;
use crate::network::{Names, Site, on_store, text};

/// Special for every policy, whatever it opens.
const NEVER: &[&str] = &[
    "0.0.0.0",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
    "64:ff9b:1::1",
    "4000::1",
    // The same, inside other addresses: mapped, compatible, NAT64, 6to4, Teredo.
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "2001:0:0:0:0:0:5601:5601",
];

/// Of this machine, written as they are and inside other addresses.
const LOOPBACK: &[&str] =
    &["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"];

/// Private, as they are and inside other addresses.
const PRIVATE: &[&str] =
    &["10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "fd12::1", "64:ff9b::a00:1", "2002:a00:1::"];

const DENIED: &str = "`HTTP-request-denied` after one lookup; nothing is connected to";

/// One request to `store.test`, which has these addresses: it is looked up once, and denied.
fn denied(act: &Act<'_>, more: &str, addresses: &str, reason: Reason) -> Result<(), String> {
    let server = Server::plain(Echo).map_err(text)?;
    let names = Names::default().with("store.test", addresses);
    let site = Site::open(act, names, &on_store(&server.origin_at("store.test"), more))?;
    let outcome = site.get(&format!("store.test:{}", server.port()))?.denied(reason);
    outcome.map_err(|error| format!("{addresses}{more}: {error}"))?;
    if site.names.asked() != ["store.test"] || server.seen().connections() > 0 {
        return Err(format!("{addresses}: {:?}, {:?}", site.names.asked(), server.seen()));
    }
    site.calm()
}

fn all(outcomes: impl Iterator<Item = Result<(), String>>) -> Result<(), String> {
    let wrong: Vec<String> = outcomes.filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

pub(crate) fn request_leads_inside() -> Behaviour {
    Behaviour::new(
        34,
        "an allowed name that is at loopback, private, link-local or metadata addresses",
        DENIED,
    )
    .acts(|act| {
        let opened = ", private: [10.0.0.0/8, 127.0.0.0/8, \"fd00::/8\"]";
        all(NEVER.iter().take(21).flat_map(|address| {
            ["", opened].map(|more| denied(act, more, address, Reason::NetAddrSpecial))
        }))?;
        all(LOOPBACK.iter().take(3).map(|address| denied(act, "", address, Reason::NetAddrSpecial)))?;
        all(PRIVATE.iter().take(5).map(|address| denied(act, "", address, Reason::NetAddrPrivate)))?;
        // Another range than the one that is opened.
        denied(act, ", private: [10.0.0.0/8]", "10.0.0.1 192.168.0.1", Reason::NetAddrPrivate)
    })
}

pub(crate) fn request_leads_inside_embedded() -> Behaviour {
    Behaviour::new(38, "an allowed name at IPv6 addresses that hold an IPv4 address inside", DENIED).acts(
        |act| {
            all(NEVER.iter().skip(21).map(|address| denied(act, "", address, Reason::NetAddrSpecial)))?;
            all(LOOPBACK.iter().skip(3).map(|address| denied(act, "", address, Reason::NetAddrSpecial)))?;
            // These forms are not for private addresses: whoever gives them out is not to be believed.
            all(PRIVATE.iter().skip(5).map(|address| denied(act, "", address, Reason::NetAddrSpecial)))
        },
    )
}

pub(crate) fn request_leads_both_ways() -> Behaviour {
    Behaviour::new(35, "an allowed name with a public and a private address", DENIED).acts(|act| {
        let opened = ", private: [10.0.0.0/8, 127.0.0.0/8]";
        let rows = [
            (opened, "8.8.8.8 10.0.0.1", Reason::NetAddrMixed),
            (opened, "10.0.0.1 8.8.8.8", Reason::NetAddrMixed),
            (opened, "10.0.0.1 127.0.0.1", Reason::NetAddrMixed),
            (opened, "127.0.0.1 8.8.8.8", Reason::NetAddrMixed),
            (opened, "127.0.0.1 169.254.169.254", Reason::NetAddrSpecial),
            ("", "8.8.8.8 10.0.0.1", Reason::NetAddrPrivate),
            ("", "8.8.8.8 127.0.0.1", Reason::NetAddrSpecial),
        ];
        all(rows.iter().map(|(more, addresses, reason)| denied(act, more, addresses, *reason)))
    })
}

/// What opens this machine to a name, so that there is something to reach.
const HERE: &str = ", private: [127.0.0.0/8]";

pub(crate) fn request_rebound() -> Behaviour {
    Behaviour::new(
        36,
        "a name that has another address when it is looked up again",
        "one lookup for a connection, and that answer is dialled; a new connection is judged anew",
    )
    .acts(|act| {
        let server =
            Server::plain(Script::answer_and_close(responses::complete("200 OK", "", "ok"))).map_err(text)?;
        let names = Names::default().with("store.test", "127.0.0.1").with("store.test", "169.254.169.254");
        let site = Site::open(act, names, &on_store(&server.origin_at("store.test"), HERE))?;
        let store = format!("store.test:{}", server.port());
        site.get(&store)?.answered(200, "ok")?;
        if site.names.asked().len() != 1 {
            return Err(format!("one connection, and these lookups: {:?}", site.names.asked()));
        }
        site.closed(&server)?;
        site.get(&store)?.denied(Reason::NetAddrSpecial)?;
        match (site.names.asked().len(), server.seen().connections()) {
            (2, 1) => site.calm(),
            other => Err(format!("lookups and connections: {other:?}")),
        }
    })
}

pub(crate) fn request_rebound_pooled() -> Behaviour {
    Behaviour::new(
        37,
        "a name that has another address while a connection is kept for it",
        "the kept connection was opened under the same rule, for the same provider; nobody else's is used",
    )
    .acts(|act| {
        let server = Server::plain(Echo).map_err(text)?;
        let keys = on_store(&server.origin_at("store.test"), HERE);
        let site = Site::open(act, Names::default().with("store.test", "127.0.0.1"), &keys)?;
        let store = format!("store.test:{}", server.port());
        site.get(&store)?.status(200)?;
        site.names.change("store.test", "169.254.169.254");
        // Another call: another sandbox, the same connection.
        site.get(&store)?.status(200)?;
        if (site.names.asked().len(), server.seen().connections()) != (1, 1) {
            return Err(format!("{:?}, {:?}", site.names.asked(), server.seen()));
        }
        // Another provider, with the same policy, sees the world as it is now.
        let other = Site::open(act, Names::default().with("store.test", "169.254.169.254"), &keys)?;
        other.get(&store)?.denied(Reason::NetAddrSpecial)?;
        if server.seen().connections() == 1 { site.calm() } else { Err(format!("{:?}", server.seen())) }
    })
}

pub(crate) fn request_below_wildcard() -> Behaviour {
    Behaviour::new(
        43,
        "secrets as labels of names below an allowed domain",
        "without a wildcard of the operator's no lookup; with one, one label alone, and a remark at load",
    )
    .acts(|act| {
        let server = Server::plain(Echo).map_err(text)?;
        let at = |name: &str| format!("{name}:{}", server.port());
        let exact = Site::open(act, Names::default(), &on_store(&server.origin_at("store.corp.test"), HERE))?;
        for name in ["c2VjcmV0.corp.test", "c2VjcmV0.store.corp.test", "corp.test"] {
            exact.get(&at(name))?.denied(Reason::NetUnknownOrigin)?;
        }
        exact.untouched(&[&server])?;
        let names = Names::default().with("c2vjcmv0.corp.test", "127.0.0.1");
        let wild = Site::open(act, names, &on_store(&server.origin_at("*.corp.test"), HERE))?;
        wild.get(&at("c2vjcmv0.corp.test"))?.status(200)?;
        for name in
            ["a.c2vjcmv0.corp.test", "corp.test", "c2vjcmv0.corp.test.evil.test", "c2vjcmv0-corp.test"]
        {
            wild.get(&at(name))?.denied(Reason::NetUnknownOrigin)?;
        }
        wild.get(&at("*.corp.test"))?.denied(Reason::NetNoncanonicalHost)?;
        match wild.names.asked().as_slice() {
            [name] if name == "c2vjcmv0.corp.test" && wild.remarks().contains(&"wildcard") => wild.calm(),
            asked => Err(format!("looked up {asked:?}, remarks {:?}", wild.remarks())),
        }
    })
}

pub(crate) fn request_shared_suffix() -> Behaviour {
    Behaviour::new(
        44,
        "a bucket of its own beside the allowed one, under a domain of all customers",
        "unknown origin; a wildcard there is remarked at load",
    )
    .acts(|act| {
        let keys = |host: &str| on_store(&format!("https://{host}"), "");
        let site = Site::open(act, Names::default(), &keys("ours.s3.amazonaws.com"))?;
        for host in [
            "mine.s3.amazonaws.com",
            "s3.amazonaws.com",
            "ours.s3.amazonaws.com.evil.test",
            "ours-s3.amazonaws.com",
        ] {
            site.ask(&json!({ "authority": host, "path": "/v1/a" }))?.denied(Reason::NetUnknownOrigin)?;
        }
        // The allowed host with the attacker's bucket in its path.
        site.ask(&json!({ "authority": "ours.s3.amazonaws.com", "path": "/mine/v1/a" }))?
            .denied(Reason::NetPath)?;
        site.untouched(&[])?;
        let wild = Site::open(act, Names::default(), &keys("*.s3.amazonaws.com"))?;
        if wild.remarks().contains(&"shared_wildcard") {
            site.calm()
        } else {
            Err(format!("{:?}", wild.remarks()))
        }
    })
}

pub(crate) fn request_oracle() -> Behaviour {
    Behaviour::new(
        57,
        "tell by errors what is behind denied targets: open and closed ports, names that are and are not",
        "the same answer for each, and nothing is tried",
    )
    .acts(|act| {
        let (open, closed) = (Server::plain(Echo).map_err(text)?, Server::plain(Echo).map_err(text)?);
        let closed = closed.port();
        let names = || Names::default().with("known.test", "127.0.0.1").with("store.test", "127.0.0.1");
        let site = Site::open(act, names(), &on_store("http://other.test", ""))?;
        let targets = [
            format!("127.0.0.1:{}", open.port()),
            format!("127.0.0.1:{closed}"),
            format!("known.test:{}", open.port()),
            "unknown.test".to_owned(),
            "169.254.169.254".to_owned(),
            "192.0.2.1".to_owned(),
        ];
        let mut told = Vec::new();
        for target in &targets {
            let one = site.get(target)?;
            one.denied(Reason::NetUnknownOrigin)?;
            told.push(one.guest);
        }
        site.untouched(&[&open])?;
        // An allowed name at a refused address: whether somebody listens there is not told either.
        for port in [open.port(), closed] {
            let site = Site::open(act, names(), &on_store(&format!("http://store.test:{port}"), ""))?;
            let one = site.get(&format!("store.test:{port}"))?;
            one.denied(Reason::NetAddrSpecial)?;
            told.push(one.guest);
        }
        told.dedup();
        if told.len() == 1 && open.seen().connections() == 0 { site.calm() } else { Err(format!("{told:?}")) }
    })
}
