//! `portcullis inspect`: what a component is and asks for, without running or compiling it.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use portcullis_policy::{Digest, ImportKey, import_key};
use portcullis_sandbox::Inspection;
use portcullis_wall::Needs;
use serde::Serialize;

use crate::arguments::{Common, Inspect};
use crate::exit::Exit;

/// One component, as shown.
#[derive(Serialize)]
struct Shown {
    name: String,
    digest: Digest,
    bytes: usize,
    imports: Vec<Import>,
    exports: Vec<String>,
}

#[derive(Serialize)]
struct Import {
    interface: String,
    /// The policy key that grants it; nothing where it is always linked.
    key: Option<&'static str>,
    granted_by: String,
}

/// Runs the door.
pub(crate) fn main(arguments: &Inspect, common: &Common) -> anyhow::Result<Exit> {
    let components = match (&arguments.component, common.builtins_folder()) {
        (Some(path), _) => vec![(path.display().to_string(), Cow::Owned(read(path)?))],
        (None, Some(folder)) => of_folder(&folder)?,
        (None, None) => of_this_build(common)?,
    };
    // Everything is read. Nobody has looked at the bytes yet.
    common.raise_wall(&Needs::new());
    let shown = components
        .into_iter()
        .map(|(name, bytes)| Shown::of(name, &bytes))
        .collect::<anyhow::Result<Vec<_>>>()?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&shown)?);
    } else {
        let texts: Vec<String> = shown.iter().map(Shown::text).collect();
        print!("{}", texts.join("\n"));
    }
    Ok(Exit::Done)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// A component's name and bytes.
type Named = (String, Cow<'static, [u8]>);

fn of_this_build(common: &Common) -> anyhow::Result<Vec<Named>> {
    let carried = common.builtins().carried();
    if carried.is_empty() {
        anyhow::bail!("this build carries no components (it was built without the feature `builtin`)");
    }
    Ok(carried.into_iter().map(|(name, _, bytes)| (name.to_owned(), Cow::Borrowed(bytes))).collect())
}

/// Every `TYPE.wasm` of the folder that stands in for the built-in ones.
fn of_folder(folder: &Path) -> anyhow::Result<Vec<Named>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    paths.sort();
    if paths.is_empty() {
        anyhow::bail!("{} has no components: each is a file TYPE.wasm", folder.display());
    }
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| Ok((name(path), Cow::Owned(read(path)?)))).collect()
}

impl Shown {
    fn of(name: String, bytes: &[u8]) -> anyhow::Result<Self> {
        let inspection = Inspection::of(bytes).with_context(|| name.clone())?;
        let imports = inspection.imports.into_iter().map(Import::of).collect();
        Ok(Self { name, digest: Digest::of(bytes), bytes: bytes.len(), imports, exports: inspection.exports })
    }

    fn text(&self) -> String {
        let mut lines = vec![
            format!("{}\n  digest   {}\n  size     {} bytes", self.name, self.digest, self.bytes),
            format!("  exports  {}", list(&self.exports)),
        ];
        if self.imports.is_empty() {
            lines.push("  imports  nothing: it can only compute".to_owned());
        } else {
            lines.push("  imports".to_owned());
        }
        let width = self.imports.iter().map(|import| import.interface.len()).max().unwrap_or_default();
        for import in &self.imports {
            lines.push(format!("    {:width$}  {}", import.interface, import.granted_by));
        }
        lines.join("\n") + "\n"
    }
}

impl Import {
    fn of(interface: String) -> Self {
        let key = import_key(&interface);
        let granted_by = match (key, key.section(), key.empty_form()) {
            (ImportKey::Open, ..) => "always linked: no authority".to_owned(),
            (_, Some(section), Some(empty)) => format!("granted by `{section}`, or denied by `{empty}`"),
            (_, Some(section), None) => format!("granted by `{section}`"),
            (_, None, _) => "no policy key grants this".to_owned(),
        };
        Self { interface, key: key.section(), granted_by }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
