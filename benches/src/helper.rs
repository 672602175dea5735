//! The native helper, and the exchange that an agent has with it.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// A request of the exec protocol.
#[derive(Serialize)]
pub(crate) struct Request<'a> {
    pub(crate) version: &'static str,
    pub(crate) secrets: &'a [String],
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) backend_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) config: Option<Settings<'a>>,
}

/// Settings of the file backends.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Settings<'a> {
    pub(crate) file_path: &'a Path,
}

impl<'a> Request<'a> {
    pub(crate) fn plain(secrets: &'a [String]) -> Self {
        Self { version: "1.1", secrets, backend_type: None, config: None }
    }
}

/// What became of one handle.
#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) value: Option<String>,
    pub(crate) error: Option<String>,
}

pub(crate) type Answers = BTreeMap<String, Answer>;

/// Compiles the helper, statically linked: no dynamic loader at its start. Returns where it is.
pub(crate) fn compile() -> anyhow::Result<PathBuf> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/helper/main.rs");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("portcullis-bench-helper");
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let compiled = Command::new(compiler)
        .args(["--edition=2024", "-Copt-level=3", "-Cpanic=abort", "-Cstrip=symbols"])
        .args(["-Ctarget-feature=+crt-static", "-o"])
        .args([program.as_os_str(), source.as_ref()])
        .status()
        .context("cannot start rustc for the native helper")?;
    anyhow::ensure!(compiled.success(), "the native helper does not compile");
    Ok(program)
}

/// Starts a program, sends the request, reads the whole answer, waits for the end: what an agent does for a batch.
pub(crate) fn exchange(program: &mut Command, request: &Request<'_>) -> anyhow::Result<Answers> {
    let request = serde_json::to_vec(request)?;
    // Cargo's own search path for libraries: no agent has it, and looking through it costs a fifth of a start.
    program.env_remove("LD_LIBRARY_PATH");
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().context("no standard input")?.write_all(&request)?;
    let mut answer = Vec::new();
    child.stdout.take().context("no standard output")?.read_to_end(&mut answer)?;
    let status = child.wait()?;
    anyhow::ensure!(status.success(), "the program failed: {status}");
    Ok(serde_json::from_slice(&answer)?)
}
