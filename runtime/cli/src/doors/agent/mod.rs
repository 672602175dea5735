//! `portcullis agent`: the daemon. It executes no guest: its runner does ([`runner`](super::runner)).

mod events;
mod reading;
mod setups;

use std::sync::Arc;

use anyhow::Context as _;
use portcullis::Configuration;
use portcullis_agent::configs::{Environment, Sources};
use portcullis_agent::daemon::{self, Options};
use portcullis_agent::server::{Peers, TlsOptions};

use crate::arguments::{Agent, Common};
use crate::exit::Exit;
pub(crate) use reading::Reading;
use setups::Files;

/// Runs the door, until a signal ends it.
pub(crate) fn main(arguments: &Agent, common: &Common) -> anyhow::Result<Exit> {
    let config = common.configuration_path().context(
        "no configuration: name the agent's file or a Portcullis file with --config or $PORTCULLIS_CONFIG",
    )?;
    let files = common.trusted_files();
    let datadog = match &arguments.datadog {
        Some(path) => path.clone(),
        None => match Configuration::read(&files, &config)? {
            Configuration::Agent(_) => config.clone(),
            _ => anyhow::bail!(
                "{} is a Portcullis file: name the agent's own file, which is resolved, with --datadog",
                config.display()
            ),
        },
    };
    let options = Options {
        socket: arguments.socket.path(),
        peers: arguments.allow_users.iter().fold(Peers::own(), |peers, user| peers.and(*user)),
        tls: tls(arguments),
        sources: Sources::new(&datadog, arguments.confd.as_deref())
            .with_environment(Environment::new(std::env::vars_os())),
        out: arguments.out.clone(),
        variables: arguments.variables.compiled(),
    };
    let setups = Arc::new(Files::new(common, config, datadog)?);
    raise_descriptors();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads())
        .enable_all()
        .build()
        .context("cannot start the task runtime")?;
    let ended = runtime.block_on(daemon::run(options, setups, std::future::pending()));
    // What still blocks a thread is left behind.
    runtime.shutdown_background();
    ended?;
    Ok(Exit::Done)
}

/// The address beside the socket, where one is named.
fn tls(arguments: &Agent) -> Option<TlsOptions> {
    Some(TlsOptions {
        address: arguments.listen?,
        certificate: arguments.tls_cert.clone()?,
        key: arguments.tls_key.clone()?,
        token: arguments.auth_token.clone()?,
    })
}

/// A daemon is a neighbour of what it serves: two threads are enough for any number of connections.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4))
}

/// As many descriptors as the system allows this process: each connection takes one.
fn raise_descriptors() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the number of descriptors stays what it is");
    }
}
