//! The command line. Help, parsing and errors come from this one description.

#[cfg(unix)]
mod live;
mod variables;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

#[cfg(unix)]
pub(crate) use live::{Agent, ConfigCheck, Secret, SecretAction};
pub(crate) use variables::TemplateVariables;

/// Resolve secret references by running each secret backend in a sandbox.
///
/// Without a command and with standard input from a pipe, it speaks the exec protocol, as `portcullis exec` does.
#[derive(Debug, Parser)]
#[command(name = "portcullis", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) door: Option<Door>,
}

impl Arguments {
    /// The command line of this process. Ends it for help, version and mistakes.
    ///
    /// An agent runs `exec` anew at every refresh, and to describe all the other doors takes a twelfth of its time: so
    /// it is tried alone first. What is not `exec`, and every mistake, goes by the whole description.
    pub(crate) fn of_process() -> Self {
        ExecAlone::try_parse().map_or_else(|_| Self::parse(), Self::from)
    }
}

/// What of [`Arguments`] `exec` needs: it takes nothing that they would not take alike.
#[derive(Debug, Parser)]
#[command(name = "portcullis", disable_help_flag = true, disable_help_subcommand = true)]
struct ExecAlone {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    door: Option<AloneDoor>,
}

#[derive(Debug, Subcommand)]
enum AloneDoor {
    Exec,
}

impl From<ExecAlone> for Arguments {
    fn from(alone: ExecAlone) -> Self {
        Self { common: alone.common, door: alone.door.map(|AloneDoor::Exec| Door::Exec) }
    }
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the answer is no (a handle failed, a check found a fault); 2 usage, configuration or
policy error, nothing done; 3 a provider could not be loaded or run. exec: 0 also with per-handle errors,
1 on bad input, 2 on a bad flag.";

/// What several doors share.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// Portcullis file or agent file that names the backends
    ///
    /// Default: $PORTCULLIS_CONFIG, else /etc/portcullis/portcullis.yaml if it exists.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Upper bounds over every provider [default: /etc/portcullis/ceiling.yaml if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ceiling: Option<PathBuf>,
    /// Folder of components (TYPE.wasm) that stand in for the built-in ones [env: PORTCULLIS_BUILTINS]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) builtins: Option<PathBuf>,
    /// Private folder where compiled components are kept
    ///
    /// Default: $PORTCULLIS_ARTEFACTS, else /var/cache/portcullis, else $XDG_CACHE_HOME/portcullis, else memory.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) artefacts: Option<PathBuf>,
    /// Add a line of JSON to this file for each denial, limit and failed request [env: PORTCULLIS_AUDIT]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) audit: Option<PathBuf>,
    /// Trust configuration files that their group can write
    #[arg(long, global = true)]
    pub(crate) allow_group_write: bool,
    /// Keep all rights while backends run: for finding out why something fails, and for nothing else
    ///
    /// Without the wall, a backend that broke its sandbox could do whatever the user that runs this can.
    #[arg(long, global = true)]
    pub(crate) no_wall: bool,
    /// Say more on standard error; twice for everything [env: PORTCULLIS_LOG=warn|info|debug|trace]
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Door {
    Resolve(Resolve),
    /// Answer one request of the exec protocol: JSON on standard input, JSON on standard output
    ///
    /// With `type` and `config` in the request it stands in for the agent's own connector; without them the providers
    /// of the configuration answer.
    #[command(after_help = "Example:\n  echo '{\"secrets\":[\"key\"],\"type\":\"file.json\",\
                            \"config\":{\"file_path\":\"/etc/dd/s.json\"}}' | portcullis exec")]
    Exec,
    Inspect(Inspect),
    Policy(Policy),
    Compile(Compile),
    Artefacts(Artefacts),
    Doctor(Doctor),
    #[cfg(unix)]
    Agent(Agent),
    /// Run the backends of a daemon, which starts this
    #[cfg(unix)]
    #[command(hide = true)]
    Runner,
    #[cfg(unix)]
    Secret(Secret),
    #[cfg(unix)]
    #[command(name = "configcheck")]
    ConfigCheck(ConfigCheck),
}

/// Write a document to standard output with every ENC[handle] replaced by its value
///
/// The backend comes from --config, else from the document's own secret_backend_type or multi_secret_backends, else
/// from the default configuration. A handle that fails is named on standard error and keeps its ENC[...].
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  portcullis resolve /etc/datadog-agent/datadog.yaml\n  \
                        portcullis resolve --config portcullis.yaml conf.yaml > resolved.yaml\n  \
                        cat conf.yaml | portcullis resolve --config portcullis.yaml -")]
pub(crate) struct Resolve {
    /// The document, YAML or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) document: PathBuf,
    #[command(flatten)]
    pub(crate) variables: TemplateVariables,
}

/// Show what a component is and what it asks for: digest, size, imports, and the policy key that grants each import
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  portcullis inspect ./vault.wasm\n  portcullis inspect --builtin --json")]
pub(crate) struct Inspect {
    /// The component file
    #[arg(value_name = "COMPONENT", required_unless_present = "builtin", conflicts_with = "builtin")]
    pub(crate) component: Option<PathBuf>,
    /// The components that this binary carries
    #[arg(long)]
    pub(crate) builtin: bool,
    /// Machine-readable output
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check what this host gives: engine, artefact folder, configuration, and the walls around backends
///
/// It changes nothing. One line for each check: ok, warning (it works, with less than there could be) or missing. The
/// exit code is 1 where something is missing.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  portcullis doctor\n  \
                        sudo -u dd-agent portcullis doctor --config /etc/datadog-agent/portcullis.yaml --json")]
pub(crate) struct Doctor {
    /// Machine-readable output
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check and explain what providers may do
#[derive(Args, Debug)]
pub(crate) struct Policy {
    #[command(subcommand)]
    pub(crate) action: PolicyAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyAction {
    /// Check a configuration and its ceiling without running anything
    #[command(after_help = "Example:\n  portcullis policy validate --config /etc/portcullis/portcullis.yaml")]
    Validate {
        /// Machine-readable output
        #[arg(long)]
        json: bool,
    },
    /// Print the effective policy: every grant, every limit and where it comes from
    ///
    /// With --request, print the decision on that request: the rule that allows it, or the reason that refuses it (exit
    /// code 1). Nothing is sent and no name is looked up.
    #[command(
        after_help = "Examples:\n  portcullis policy explain vault --config /etc/portcullis/portcullis.yaml\n  \
                            portcullis policy explain vault --config /etc/portcullis/portcullis.yaml \\\n    \
                            --request 'GET https://vault.example:8200/v1/kv/data/app' --header x-vault-namespace"
    )]
    Explain {
        /// The provider; all of them without one
        provider: Option<String>,
        /// A request of the provider: its method and its URL
        #[arg(long, value_name = "METHOD URL", requires = "provider")]
        request: Option<String>,
        /// Name of a header that the provider sets in it; may be given several times
        #[arg(long = "header", value_name = "NAME", requires = "request")]
        headers: Vec<String>,
        /// Machine-readable output
        #[arg(long)]
        json: bool,
    },
    /// Print the smallest additions to the policies that would have allowed what an audit file says was denied
    ///
    /// For a human to review: a backend that misbehaves asks for what it should not have. Nothing is changed. Requests
    /// that the configuration allows by now are left out.
    #[command(
        after_help = "Example:\n  portcullis policy suggest --from /var/log/portcullis/audit.jsonl \\\n    \
                            --config /etc/portcullis/portcullis.yaml"
    )]
    Suggest {
        /// The audit file; `-` is standard input
        #[arg(long, value_name = "AUDIT")]
        from: PathBuf,
        /// Machine-readable output
        #[arg(long)]
        json: bool,
    },
}

/// Compile components ahead of time into the artefact folder, so that no later start has to
///
/// The components are those named, else those of the configuration. The folder must belong to the user that will run
/// them.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  portcullis compile ./vault.wasm\n  \
                        portcullis compile --config /etc/portcullis/portcullis.yaml --artefacts /var/cache/portcullis\n\n\
                        Exit codes: 0 all are compiled; 2 usage, configuration or folder: nothing done; 3 a component\n\
                        cannot be compiled.")]
pub(crate) struct Compile {
    /// Component files
    #[arg(value_name = "COMPONENT")]
    pub(crate) components: Vec<PathBuf>,
    /// Machine-readable output
    #[arg(long)]
    pub(crate) json: bool,
}

/// Look after the folder of compiled components
#[derive(Args, Debug)]
pub(crate) struct Artefacts {
    #[command(subcommand)]
    pub(crate) action: ArtefactsAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ArtefactsAction {
    /// Show what is there: component digest, whether this version can run it, size and age
    #[command(after_help = "Example:\n  portcullis artefacts list --artefacts /var/cache/portcullis")]
    List {
        /// Machine-readable output
        #[arg(long)]
        json: bool,
    },
    /// Read every artefact and say which would be loaded; exit code 1 if one is bad
    #[command(after_help = "Example:\n  portcullis artefacts verify --json")]
    Verify {
        /// Machine-readable output
        #[arg(long)]
        json: bool,
    },
    /// Remove artefacts of other versions, bad ones, and what interrupted runs left
    ///
    /// Files that are not Portcullis's own are left alone. Exit code 1 if something could not be removed.
    #[command(
        after_help = "Examples:\n  portcullis artefacts prune --dry-run\n  portcullis artefacts prune --all"
    )]
    Prune {
        /// Remove good ones, too
        #[arg(long)]
        all: bool,
        /// Only say what would be removed
        #[arg(long)]
        dry_run: bool,
        /// Machine-readable output
        #[arg(long)]
        json: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exec_alone_says_what_the_whole_says() {
        for (line, alone) in [
            ("", true),
            ("exec", true),
            ("-v", true),
            ("--config a.yaml exec", true),
            ("exec --config a.yaml --ceiling b.yaml --builtins c --artefacts=d -vv", true),
            ("--no-wall exec --allow-group-write", true),
            ("exec --json", false),
            ("exec --help", false),
            ("exec -h", false),
            ("exec exec", false),
            ("exec --config", false),
            ("exe", false),
            ("help", false),
            ("help exec", false),
            ("--help", false),
            ("--version", false),
            ("-V", false),
            ("resolve --config a.yaml -", false),
            ("inspect --builtin", false),
            ("doctor", false),
        ] {
            let words = || std::iter::once("portcullis").chain(line.split_whitespace());
            let parsed = ExecAlone::try_parse_from(words());
            assert_eq!(parsed.is_ok(), alone, "{line}: {parsed:?}");
            if let Ok(parsed) = parsed {
                let whole = Arguments::try_parse_from(words()).unwrap();
                assert_eq!(format!("{:?}", Arguments::from(parsed)), format!("{whole:?}"), "{line}");
            }
        }
    }
}
