//! Where things are in this repository, and how its two workspaces are built.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;

/// The repository.
pub(crate) struct Project {
    root: PathBuf,
}

/// One of the two workspaces. Each has its own lock file.
#[derive(Clone, Copy)]
pub(crate) enum Workspace {
    /// What runs on the host.
    Host,
    /// The secret backends. Here they are built for this machine, as tests and lints want them.
    Guests,
}

impl Workspace {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Host, Self::Guests];

    /// For a person.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Guests => "guests",
        }
    }
}

impl Project {
    /// The repository that this program was built from.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no root")?;
        Ok(Self { root: root.to_owned() })
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the built-in backends are, once built.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("guest-providers/dist")
    }

    /// `cargo SUBCOMMAND` in a workspace. In that of the guests, only for what does not compile.
    pub(crate) fn cargo(&self, workspace: Workspace, subcommand: &str) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.arg(subcommand).current_dir(match workspace {
            Workspace::Host => self.root.clone(),
            Workspace::Guests => self.root.join("guest-providers"),
        });
        cargo
    }

    /// `cargo SUBCOMMAND` that compiles for this machine: the host optimised, as it ships, the guests plain.
    pub(crate) fn compile(&self, workspace: Workspace, subcommand: &str) -> anyhow::Result<Command> {
        let mut cargo = self.cargo(workspace, subcommand);
        match workspace {
            Workspace::Host => cargo.arg("--release"),
            // That workspace builds for WebAssembly unless told otherwise.
            Workspace::Guests => cargo
                .arg("--target")
                .arg(host_target()?)
                .arg("--target-dir")
                .arg(self.root.join("guest-providers/target/native")),
        };
        cargo.arg("--workspace");
        Ok(cargo)
    }

    /// What `cargo metadata` says about a workspace; fails where its lock file is not up to date.
    pub(crate) fn metadata(&self, workspace: Workspace) -> anyhow::Result<Value> {
        let text = output(self.cargo(workspace, "metadata").args(["--format-version=1", "--locked"]))?;
        serde_json::from_str(&text).context("cargo metadata wrote no JSON")
    }

    /// Where the host's binaries are built.
    pub(crate) fn target_folder(&self) -> anyhow::Result<PathBuf> {
        let metadata =
            output(self.cargo(Workspace::Host, "metadata").args(["--format-version=1", "--no-deps"]))?;
        let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata wrote no JSON")?;
        let folder = metadata.get("target_directory").and_then(Value::as_str);
        Ok(folder.context("cargo metadata names no target folder")?.into())
    }
}

/// Runs a program to its end. What it writes is shown.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot run {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a program to its end and returns what it writes; its standard error is shown.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed ({})", shown(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} wrote no UTF-8", shown(command)))
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words: Vec<_> =
        std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

/// The target that this machine's compiler builds for.
fn host_target() -> anyhow::Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = output(Command::new(rustc).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}
