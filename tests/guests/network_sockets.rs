//! Opens raw sockets and looks names up: what `wasi:http` never needs.

// rows: refused, unlinked

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::bindings::wasi::sockets::instance_network::instance_network;
use portcullis_hostile_guests::bindings::wasi::sockets::ip_name_lookup::resolve_addresses;
use portcullis_hostile_guests::bindings::wasi::sockets::network::{
    ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Network,
};
use portcullis_hostile_guests::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use portcullis_hostile_guests::bindings::wasi::sockets::udp_create_socket::create_udp_socket;
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Names whose lookup alone would tell something to whoever answers it, and names that need none.
const NAMES: &[&str] =
    &["secret-value.collector.example", "localhost", "127.0.0.1", "::1", "169.254.169.254", ""];

/// The parameter is a port of 127.0.0.1 where somebody listens.
fn attack(port: &str) -> String {
    let port = port.parse().unwrap_or(80);
    let there = IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (127, 0, 0, 1) });
    let here = IpSocketAddress::Ipv4(Ipv4SocketAddress { port: 0, address: (127, 0, 0, 1) });
    let network = instance_network();
    let mut report = Report::new();
    for name in NAMES {
        report.add(&format!("lookup '{name}'"), lookup(&network, name));
    }
    for family in [IpAddressFamily::Ipv4, IpAddressFamily::Ipv6] {
        let family_name = if family == IpAddressFamily::Ipv4 { "v4" } else { "v6" };
        report.add(&format!("tcp {family_name}"), outcome(create_tcp_socket(family)));
        report.add(&format!("udp {family_name}"), outcome(create_udp_socket(family)));
    }
    if let Ok(socket) = create_tcp_socket(IpAddressFamily::Ipv4) {
        report.add(
            "connect",
            outcome(finished(socket.start_connect(&network, there), || {
                socket.subscribe().block();
                socket.finish_connect().map(drop)
            })),
        );
    }
    if let Ok(socket) = create_tcp_socket(IpAddressFamily::Ipv4) {
        report.add("bind", outcome(finished(socket.start_bind(&network, here), || socket.finish_bind())));
        report.add("listen", outcome(finished(socket.start_listen(), || socket.finish_listen())));
    }
    if let Ok(socket) = create_udp_socket(IpAddressFamily::Ipv4) {
        report.add("bind udp", outcome(finished(socket.start_bind(&network, here), || socket.finish_bind())));
        report.add("stream udp", outcome(socket.stream(Some(there))));
    }
    report.finish()
}

fn lookup(network: &Network, name: &str) -> &'static str {
    match resolve_addresses(network, name) {
        Ok(stream) => {
            stream.subscribe().block();
            outcome(stream.resolve_next_address())
        }
        Err(code) => code.name(),
    }
}

fn finished(
    started: Result<(), ErrorCode>,
    finish: impl FnOnce() -> Result<(), ErrorCode>,
) -> Result<(), ErrorCode> {
    started.and_then(|()| finish())
}

fn outcome<T>(result: Result<T, ErrorCode>) -> &'static str {
    result.map_or_else(|code| code.name(), |_| "ok")
}
