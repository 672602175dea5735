//! Linking by policy: a component gets the interfaces that it imports, where the policy says so, and no others.

use portcullis_policy::{Denial, Policy};
use thiserror::Error;
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksView as _};
use wasmtime_wasi::p2::bindings::{cli, clocks, random, sockets};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView as _};
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView as _};
use wasmtime_wasi_http::p2::bindings::http;
use wasmtime_wasi_http::{WasiHttp, WasiHttpView as _};
use wasmtime_wasi_io::bindings::wasi::io;

use crate::call::BackendPre;
use crate::component::{Component, plain};
use crate::engine::Engine;
use crate::host::State;
use crate::host::filesystem::HasFiles;
use crate::host::filesystem::bindings::wasi::filesystem as files;

/// A component cannot be given what it imports.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The component is not the one that the policy names.
    #[error(transparent)]
    Digest(Denial),
    /// Imports that the policy does not grant.
    #[error("{}", join(.0))]
    NotGranted(Vec<Denial>),
    /// The policy grants requests, and nothing was given that sends them.
    #[error("the policy grants requests, and there is no client to send them")]
    NoClient,
    /// It does not export `portcullis:secrets/provider`, or the interfaces differ from the ones that the host has.
    #[error("the component does not fit the world `portcullis:secrets/backend`: {reason}")]
    NotABackend {
        /// What does not fit.
        reason: String,
    },
}

fn join(denials: &[Denial]) -> String {
    denials.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

type Add = fn(&mut Linker<State>) -> wasmtime::Result<()>;

struct HasTable;

impl HasData for HasTable {
    type Data<'a> = &'a mut ResourceTable;
}

/// Every interface that the host has, and how it is added. What is not here cannot be linked at all.
#[rustfmt::skip]
const INTERFACES: &[(&str, Add)] = &[
    ("wasi:cli/environment", |l| cli::environment::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/exit", |l| cli::exit::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/stderr", |l| cli::stderr::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/stdin", |l| cli::stdin::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/stdout", |l| cli::stdout::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/terminal-input", |l| cli::terminal_input::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/terminal-output", |l| cli::terminal_output::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/terminal-stderr", |l| cli::terminal_stderr::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/terminal-stdin", |l| cli::terminal_stdin::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:cli/terminal-stdout", |l| cli::terminal_stdout::add_to_linker::<_, WasiCli>(l, |s: &mut State| s.cli())),
    ("wasi:clocks/monotonic-clock", |l| clocks::monotonic_clock::add_to_linker::<_, WasiClocks>(l, |s: &mut State| s.clocks())),
    ("wasi:clocks/wall-clock", |l| clocks::wall_clock::add_to_linker::<_, WasiClocks>(l, |s: &mut State| s.clocks())),
    ("wasi:config/store", |l| wasmtime_wasi_config::add_to_linker(l, State::settings)),
    ("wasi:filesystem/preopens", |l| files::preopens::add_to_linker::<_, HasFiles>(l, State::files)),
    ("wasi:filesystem/types", |l| files::types::add_to_linker::<_, HasFiles>(l, State::files)),
    ("wasi:http/outgoing-handler", |l| http::outgoing_handler::add_to_linker::<_, WasiHttp>(l, |s: &mut State| s.http())),
    ("wasi:http/types", |l| http::types::add_to_linker::<_, WasiHttp>(l, &http::types::LinkOptions::default(), |s: &mut State| s.http())),
    ("wasi:io/error", |l| io::error::add_to_linker::<_, HasTable>(l, State::table)),
    ("wasi:io/poll", |l| io::poll::add_to_linker::<_, HasTable>(l, State::table)),
    ("wasi:io/streams", |l| io::streams::add_to_linker::<_, HasTable>(l, State::table)),
    ("wasi:random/insecure", |l| random::insecure::add_to_linker::<_, WasiRandom>(l, |s: &mut State| s.random())),
    ("wasi:random/insecure-seed", |l| random::insecure_seed::add_to_linker::<_, WasiRandom>(l, |s: &mut State| s.random())),
    ("wasi:random/random", |l| random::random::add_to_linker::<_, WasiRandom>(l, |s: &mut State| s.random())),
    // Linked to contexts that deny: no address, protocol or name lookup is ever allowed there.
    ("wasi:sockets/instance-network", |l| sockets::instance_network::add_to_linker::<_, WasiSockets>(l, |s: &mut State| s.sockets())),
    ("wasi:sockets/ip-name-lookup", |l| sockets::ip_name_lookup::add_to_linker::<_, WasiSockets>(l, |s: &mut State| s.sockets())),
    ("wasi:sockets/network", |l| sockets::network::add_to_linker::<_, WasiSockets>(l, &sockets::network::LinkOptions::default(), |s: &mut State| s.sockets())),
    ("wasi:sockets/tcp", |l| sockets::tcp::add_to_linker::<_, WasiSockets>(l, |s: &mut State| s.sockets())),
    ("wasi:sockets/tcp-create-socket", |l| sockets::tcp_create_socket::add_to_linker::<_, WasiSockets>(l, |s: &mut State| s.sockets())),
    ("wasi:sockets/udp", |l| sockets::udp::add_to_linker::<_, WasiSockets>(l, |s: &mut State| s.sockets())),
    ("wasi:sockets/udp-create-socket", |l| sockets::udp_create_socket::add_to_linker::<_, WasiSockets>(l, |s: &mut State| s.sockets())),
];

/// Links exactly what `component` imports, after asking `policy` about each.
pub(crate) fn link(
    engine: &Engine,
    component: &Component,
    policy: &Policy,
) -> Result<BackendPre<State>, LinkError> {
    let imports = component.wasmtime().component_type();
    let imports: Vec<&str> = imports.imports(engine.wasmtime()).map(|(name, _)| name).collect();

    let denials: Vec<Denial> =
        imports.iter().filter_map(|import| policy.decide_import(import).err()).collect();
    if !denials.is_empty() {
        return Err(LinkError::NotGranted(denials));
    }

    let mut linker = Linker::new(engine.wasmtime());
    for import in imports {
        let interface = import.split_once('@').map_or(import, |(interface, _)| interface);
        if let Some((_, add)) = INTERFACES.iter().find(|(name, _)| *name == interface) {
            add(&mut linker).map_err(not_a_backend)?;
        }
    }
    let instance = linker.instantiate_pre(component.wasmtime()).map_err(not_a_backend)?;
    BackendPre::new(instance).map_err(not_a_backend)
}

fn not_a_backend(error: wasmtime::Error) -> LinkError {
    LinkError::NotABackend { reason: plain(&format!("{error:#}")) }
}
