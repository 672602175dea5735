//! From `tests/guests/<name>` to the bytes of a component.
//!
//! A guest in Rust was built by `cargo xtask guests`; if it has several rows, their names are its own and a word more.
//! One in WebAssembly text is made here; lines of comment at its top say how:
//!
//! * `;; import: wasi:io/poll@0.2.12`: an interface that its world imports, one a line.
//! * `;; form: …`: `attack` (the default: the text has a function `$attack`, and the prelude has all else), `module` (the
//!   text is the whole module, and is wrapped as a component), `appended` (the text is added to a good component),
//!   `core` (the text is assembled and left a core module), `text` (the file itself), `truncated` (half a component).
//! * `;; repeat 1000: (text)`, anywhere: so many copies of the text.

use std::path::Path;

use anyhow::{Context as _, bail};
use portcullis_assemble::{backend_with, component as component_of};

/// Memory, allocator, and answers; calls `$attack` when the first handle begins with `atta`.
const PRELUDE: &str = include_str!("prelude.wat");

/// A backend that answers each handle with itself.
const GOOD: &str = r"(func $attack (param i32 i32 i32) (result i32) (unreachable))";

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../guests");

/// The component of a guest.
pub(crate) fn component(name: &str) -> anyhow::Result<Vec<u8>> {
    let source = Path::new(FOLDER).join(format!("{name}.wat"));
    match std::fs::read_to_string(&source) {
        Ok(text) => assemble(&text).with_context(|| source.display().to_string()),
        Err(_) => {
            let folder = Path::new(FOLDER).join("dist");
            let built = |name: &str| folder.join(format!("{name}.wasm"));
            let names = std::iter::successors(Some(name), |name| Some(name.rsplit_once('_')?.0));
            let found = names.map(built).find(|path| path.is_file()).unwrap_or_else(|| built(name));
            std::fs::read(&found).with_context(|| {
                format!("{} is missing: build the guests with `cargo xtask guests`", found.display())
            })
        }
    }
}

/// A component that behaves.
pub(crate) fn neighbour() -> anyhow::Result<Vec<u8>> {
    wrap(&format!("(module {GOOD} {PRELUDE})"), &[])
}

fn assemble(text: &str) -> anyhow::Result<Vec<u8>> {
    let header = |key: &str| {
        let prefix = format!(";; {key}: ");
        text.lines().filter_map(move |line| Some(line.strip_prefix(&prefix)?.trim().to_owned()))
    };
    let imports: Vec<String> = header("import").collect();
    let body = repeated(text)?;
    match header("form").next().as_deref().unwrap_or("attack") {
        "attack" => wrap(&format!("(module {body} {PRELUDE})"), &imports),
        "module" => wrap(&body, &imports),
        "appended" => {
            let good = wasmprinter::print_bytes(neighbour()?)?;
            let open = good.trim_end().strip_suffix(')').context("a component ends with a parenthesis")?;
            Ok(wat::parse_str(format!("{open}\n{body})"))?)
        }
        "core" => Ok(wat::parse_str(&body)?),
        "text" => Ok(text.as_bytes().to_vec()),
        "truncated" => {
            let mut whole = neighbour()?;
            whole.truncate(whole.len() / 2);
            Ok(whole)
        }
        other => bail!("there is no form '{other}'"),
    }
}

/// The text with its `;; repeat` lines written out.
fn repeated(text: &str) -> anyhow::Result<String> {
    let mut out = String::new();
    for line in text.lines() {
        match line.trim_start().strip_prefix(";; repeat ").and_then(|rest| rest.split_once(": ")) {
            Some((count, copied)) => out.push_str(&copied.repeat(count.parse().context("repeat")?)),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(out)
}

/// Wraps a core module as a component of a backend's world with these imports.
fn wrap(module: &str, imports: &[String]) -> anyhow::Result<Vec<u8>> {
    component_of(module, &backend_with(imports.iter().map(String::as_str)))
}
