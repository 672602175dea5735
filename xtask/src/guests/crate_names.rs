//! Names of crates that do not depend on where the repository lies.
//!
//! Cargo tells crates of one name apart by a hash. For a crate outside the workspace that is built, as `runtime/compat` is for
//! guests, the hash covers its whole path. The hash is part of every symbol, symbols decide the order of functions, and so the
//! same sources would make other bytes in another folder. This program therefore stands between cargo and the compiler while
//! guests are built, and puts the path below the repository's root for the hash of each of the repository's own crates.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, io};

/// Set by [`install`]: the repository's root, and the sign that this process is to be a compiler.
const ROOT: &str = "XTASK_CRATE_NAMES_BELOW";

/// Makes a cargo that is about to start call the compiler through this program.
pub(super) fn install(cargo: &mut Command, root: &Path) -> io::Result<()> {
    cargo.env("RUSTC_WRAPPER", env::current_exe()?).env(ROOT, root);
    Ok(())
}

/// If cargo called this process as the compiler: calls it and says how it ended.
pub(crate) fn compile() -> Option<ExitCode> {
    let root = env::var_os(ROOT)?;
    let mut arguments = env::args_os().skip(1);
    let compiler = arguments.next()?;
    let package = env::var_os("CARGO_MANIFEST_DIR");
    let name = package.as_deref().and_then(|package| Path::new(package).strip_prefix(&root).ok());
    let arguments = arguments.map(|argument| match name {
        Some(name) => renamed(argument, name),
        None => argument,
    });
    match Command::new(&compiler).args(arguments).status() {
        Ok(status) => Some(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        Err(error) => {
            eprintln!("xtask: cannot run {}: {error}", compiler.display());
            Some(ExitCode::FAILURE)
        }
    }
}

/// Cargo passes `-C`, `metadata=<hash>`. Files keep the names with cargo's hash: it looks for these.
fn renamed(argument: OsString, name: &Path) -> OsString {
    let is_hash = argument.to_str().is_some_and(|argument| argument.starts_with("metadata="));
    if !is_hash {
        return argument;
    }
    let parts: Vec<&OsStr> = name.iter().collect();
    let mut renamed = OsString::from("metadata=portcullis/");
    renamed.push(parts.join(OsStr::new("/")));
    renamed
}

#[cfg(test)]
mod tests {
    use super::renamed;
    use std::path::Path;

    #[test]
    fn only_the_hash_in_symbols_is_replaced() {
        let rows = [
            ("metadata=0123456789abcdef", "metadata=portcullis/runtime/compat"),
            ("extra-filename=-0123456789abcdef", "extra-filename=-0123456789abcdef"),
            ("opt-level=s", "opt-level=s"),
        ];
        for (given, expected) in rows {
            assert_eq!(renamed(given.into(), Path::new("runtime/compat")), expected);
        }
    }
}
