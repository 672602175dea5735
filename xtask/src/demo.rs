//! The main job on the shipped example: an agent's configuration with its references replaced by values.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::guests;
use crate::mode::set_mode;
use crate::project::{Project, Workspace, run, shown};

/// What the example files call their own folder; in the copy, the copy's folder stands there.
const EXAMPLES: &str = "/etc/portcullis/examples";

/// A component for the example that brings its own.
const COMPONENT: &str = "file.text.wasm";

/// Builds what ships, and runs it on a copy of the example. The result goes to standard output, all else to standard error.
pub(crate) fn run_demo(project: &Project, keep: bool) -> anyhow::Result<()> {
    guests::build(project.root(), &project.dist())?;
    guests::precompile(project, &project.dist())?;
    run(project.cargo(Workspace::Host, "build").args(["--release", "--package", "portcullis-cli"]))?;

    let folder =
        tempfile::Builder::new().prefix("portcullis-demo-").tempdir().context("no temporary folder")?;
    copy(&project.root().join("examples"), folder.path(), folder.path())?;
    let component =
        fs::read(project.dist().join(COMPONENT)).context("the guests' folder lacks a component")?;
    write(&folder.path().join(COMPONENT), &component)?;

    let mut portcullis = Command::new(project.target_folder()?.join("release/portcullis"));
    portcullis.arg("resolve").arg(folder.path().join("datadog.yaml"));
    // The example alone decides what it shows.
    for variable in ["PORTCULLIS_CONFIG", "PORTCULLIS_BUILTINS"] {
        portcullis.env_remove(variable);
    }
    eprintln!("demo: {}", shown(&portcullis));
    let result = run(&mut portcullis);
    if keep {
        eprintln!("demo: the copy stays in {}", folder.keep().display());
    }
    result
}

/// Copies a folder so that its files may be trusted, whatever the umask and wherever the sources lie: nobody else may
/// write to the copy.
fn copy(from: &Path, to: &Path, examples: &Path) -> anyhow::Result<()> {
    set_mode(to, 0o700)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))? {
        let source = entry.with_context(|| format!("cannot list {}", from.display()))?.path();
        let target: PathBuf = to.join(source.file_name().unwrap_or_default());
        if source.is_dir() {
            fs::create_dir(&target).with_context(|| format!("cannot create {}", target.display()))?;
            copy(&source, &target, examples)?;
        } else {
            let text =
                fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
            write(&target, text.replace(EXAMPLES, &examples.to_string_lossy()).as_bytes())?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    set_mode(path, 0o600)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::{EXAMPLES, copy, write};

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_copy_is_private_and_names_itself() {
        let from = tempfile::tempdir().unwrap();
        let to = tempfile::tempdir().unwrap();
        std::fs::create_dir(from.path().join("sub")).unwrap();
        write(&from.path().join("sub/a.yaml"), format!("path: {EXAMPLES}/sub\n").as_bytes()).unwrap();
        std::fs::set_permissions(from.path().join("sub/a.yaml"), std::fs::Permissions::from_mode(0o666))
            .unwrap();

        copy(from.path(), to.path(), to.path()).unwrap();

        let file = to.path().join("sub/a.yaml");
        let expected = format!("path: {}/sub\n", to.path().display());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
        assert_eq!([to.path(), &to.path().join("sub"), &file].map(mode), [0o700, 0o700, 0o600]);
    }
}
