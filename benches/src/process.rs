//! The whole `portcullis exec` process, from start to exit, against the native helper that does the same work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::Effort;
use crate::guest;
use crate::helper::{self, Request, Settings};
use crate::report::{Goal, Report};
use crate::samples::Samples;

const GROUP: &str = "process";

/// Handles of the request.
const HANDLES: usize = 8;

/// Who is compared takes turns so often, with so many starts each.
const ROUNDS: usize = 10;
const STARTS: usize = 50;

pub(crate) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let portcullis = install(&build()?, folder.path())?;
    let helper = install(&helper::compile()?, folder.path())?;
    let secrets = folder.path().join("secrets.json");
    let handles = guest::handles(HANDLES);
    let values: serde_json::Map<_, _> =
        handles.iter().map(|handle| (handle.clone(), format!("value of {handle}").into())).collect();
    fs::write(&secrets, serde_json::to_vec(&values)?)?;
    let configuration = custom(folder.path(), &secrets)?;
    let artefacts = folder.path().join("artefacts");

    let settings = Settings { file_path: &secrets };
    let named =
        Request { backend_type: Some("file.json"), config: Some(settings), ..Request::plain(&handles) };
    let plain = Request::plain(&handles);

    let native = || Command::new(&helper);
    let builtin = || {
        let mut command = Command::new(&portcullis);
        command.arg("exec");
        command
    };
    let custom = || {
        let mut command = builtin();
        command.arg("--config").arg(&configuration).arg("--artefacts").arg(&artefacts);
        command
    };
    // The first run of the custom component compiles it: from then on the store is warm.
    for (command, request) in [(&mut native(), &named), (&mut builtin(), &named), (&mut custom(), &plain)] {
        check(command, request)?;
    }

    let [mut on_native, mut on_builtin, mut on_custom] = [(); 3].map(|()| Samples::default());
    for _ in 0..ROUNDS {
        for _ in 0..effort.repeat(STARTS) {
            on_native.time(|| helper::exchange(&mut native(), &named))?;
            on_builtin.time(|| helper::exchange(&mut builtin(), &named))?;
            on_custom.time(|| helper::exchange(&mut custom(), &plain))?;
        }
    }
    let [on_native, on_builtin, on_custom] =
        [on_native, on_builtin, on_custom].map(|samples| samples.summary(ROUNDS));
    report.time(GROUP, "8 handles: native helper", &on_native);
    report.time(GROUP, "8 handles: portcullis exec, built-in file.json", &on_builtin);
    report.time(GROUP, "8 handles: portcullis exec, custom component, warm store", &on_custom);
    report.ratio(
        GROUP,
        "exec with a built-in over the helper",
        on_builtin.over(&on_native),
        Goal::AtMost(6.0),
    );
    report.ratio(
        GROUP,
        "exec with a custom component over the helper",
        on_custom.over(&on_native),
        Goal::AtMost(6.0),
    );
    Ok(())
}

/// Copies a program, as whoever installs it does. What a linker has just written lies in the system's cache page by page,
/// and a start from there takes a fifth longer than one from a copy, or from a file that was read from the disk.
fn install(program: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let installed = folder.join(program.file_name().context("a program has a name")?);
    fs::copy(program, &installed).with_context(|| format!("cannot copy {}", program.display()))?;
    Ok(installed)
}

/// Builds the command as it is shipped, or finds it built. Returns where it is.
fn build() -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--package", "portcullis-cli", "--bin", "portcullis"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .status()
        .context("cannot start cargo for the portcullis command")?;
    anyhow::ensure!(built.success(), "the portcullis command does not build");
    // This program is at TARGET/release/deps/NAME.
    let this = std::env::current_exe()?;
    let release = this.ancestors().nth(2).context("the bench is not in a target folder")?;
    Ok(release.join(format!("portcullis{}", std::env::consts::EXE_SUFFIX)))
}

/// A configuration with the component of `file.json` as one that the operator brought.
fn custom(folder: &Path, secrets: &Path) -> anyhow::Result<PathBuf> {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../guest-providers/dist/file.json.wasm");
    fs::copy(built, folder.join("custom.wasm"))
        .with_context(|| format!("no {built}: run `cargo xtask guests`"))?;
    let configuration = folder.join("portcullis.yaml");
    let secrets = serde_json::to_string(secrets)?;
    let text = format!(
        "version: 1\nproviders:\n  custom:\n    component: ./custom.wasm\n    config: {{ file_path: {secrets} }}\n    \
         filesystem: [{{ host: {secrets} }}]\n"
    );
    fs::write(&configuration, text)?;
    Ok(configuration)
}

/// Every handle has its value: a wrong answer would be a fast one.
fn check(command: &mut Command, request: &Request<'_>) -> anyhow::Result<()> {
    let answers = helper::exchange(command, request)?;
    anyhow::ensure!(answers.len() == request.secrets.len(), "{command:?} answers {} handles", answers.len());
    for (handle, answer) in &answers {
        if let Some(error) = answer.error.as_ref().filter(|error| !error.is_empty()) {
            anyhow::bail!("{command:?} fails {handle}: {error}");
        }
        anyhow::ensure!(answer.value == Some(format!("value of {handle}")), "{command:?} answers wrongly");
    }
    Ok(())
}
