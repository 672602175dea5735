//! The daemon, and the commands that ask it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

/// Where a daemon listens, and where it is asked, unless told otherwise.
const SOCKET: &str = "/run/portcullis/agent.sock";

/// Which daemon.
#[derive(Args, Debug)]
pub(crate) struct Socket {
    /// The daemon's socket [env: PORTCULLIS_SOCKET] [default: /run/portcullis/agent.sock]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
}

impl Socket {
    pub(crate) const fn is_named(&self) -> bool {
        self.socket.is_some()
    }

    pub(crate) fn path(&self) -> PathBuf {
        let variable = || std::env::var_os("PORTCULLIS_SOCKET").filter(|value| !value.is_empty());
        let named = self.socket.clone().or_else(|| variable().map(PathBuf::from));
        named.unwrap_or_else(|| Path::new(SOCKET).to_owned())
    }
}

/// Keep the secrets of an agent's configurations fresh, and hand them out on a socket
///
/// It resolves the agent's own file and the checks' below --confd, fetches values again as `secret_refresh_interval` and its
/// kin say, writes the agent's audit file below `run_path`, and reads everything again on SIGHUP and when a file changes. A
/// configuration with a mistake changes nothing. Nothing resolved is written to a disk.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  portcullis agent --config /etc/datadog-agent/datadog.yaml --confd /etc/datadog-agent/conf.d\n  \
                  portcullis agent --config portcullis.yaml --datadog datadog.yaml --socket ./agent.sock\n  \
                  curl --unix-socket /run/portcullis/agent.sock http://agent/agent/secrets\n\n\
                  On the socket: /agent/secrets[?format=json], /agent/secret/refresh, /agent/config-check[?raw=true],\n\
                  /agent/configs, /agent/config?origin=NAME, /live, /ready, /metrics."
)]
pub(crate) struct Agent {
    /// The agent's own file, which is resolved, and whose settings count [default: --config]
    #[arg(long, value_name = "FILE")]
    pub(crate) datadog: Option<PathBuf>,
    /// Folder of the checks' configurations
    #[arg(long, value_name = "DIR")]
    pub(crate) confd: Option<PathBuf>,
    /// Keep resolved configurations as files in this folder, which must be on a memory file system
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) socket: Socket,
    /// Listen with TLS at this address of this machine, too: 127.0.0.1:5001
    #[arg(long, value_name = "ADDRESS:PORT", requires_all = ["tls_cert", "tls_key", "auth_token"])]
    pub(crate) listen: Option<SocketAddr>,
    /// Certificate for --listen, with those that it is signed by (PEM)
    #[arg(long, value_name = "FILE", requires = "listen")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Key of that certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "listen")]
    pub(crate) tls_key: Option<PathBuf>,
    /// File with the token that who asks at --listen must show (`Authorization: Bearer`), as the agent's `auth_token`
    #[arg(long, value_name = "FILE", requires = "listen")]
    pub(crate) auth_token: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) variables: super::TemplateVariables,
    /// Number of a user that may ask, beside root and the user that the daemon runs as; may be given several times
    #[arg(long = "allow-user", value_name = "UID")]
    pub(crate) allow_users: Vec<u32>,
}

/// Show what a running daemon knows: providers with their rights, handles and where they are used, what is not resolved
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  portcullis secret\n  portcullis secret --json\n  portcullis secret refresh\n\n\
                        Exit codes: 0 it answered; 1 it answered with an error; 2 it cannot be asked."
)]
pub(crate) struct Secret {
    #[command(subcommand)]
    pub(crate) action: Option<SecretAction>,
    #[command(flatten)]
    pub(crate) socket: Socket,
    /// Machine-readable output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretAction {
    /// Fetch what may change again, now, and show which handles have another value
    #[command(after_help = "Example:\n  portcullis secret refresh --socket ./agent.sock")]
    Refresh {
        #[command(flatten)]
        socket: Socket,
    },
}

/// Show the configurations of a running daemon with their secrets in place, hidden
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  portcullis configcheck\n  portcullis configcheck --raw\n\n\
                        Exit codes: 0 it answered; 1 it answered with an error; 2 it cannot be asked.")]
pub(crate) struct ConfigCheck {
    /// Show the secrets, too
    #[arg(long)]
    pub(crate) raw: bool,
    #[command(flatten)]
    pub(crate) socket: Socket,
}
