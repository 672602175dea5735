//! Which compiler and linker can make a component.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt, fs};

use anyhow::Context as _;

use super::step;

/// No libc and no adapter: a component imports exactly what its source uses.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// The linker that makes a component, not a core module.
const LINKER: &str = "wasm-component-ld";

/// Debian's compiler for this target, and the source of its standard library.
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "rust-web-src"];

/// The oldest compiler that takes the guests' sources (`rust-version` of the workspace).
const OLDEST: (u32, u32) = (1, 95);

/// A compiler, its standard library for the target, and a linker.
pub(super) struct Compiler {
    program: PathBuf,
    version: String,
    std: Std,
    linker: PathBuf,
    linker_version: String,
}

/// Where the target's standard library comes from.
pub(super) enum Std {
    /// It is installed.
    Installed,
    /// It is built from this folder.
    Source(PathBuf),
}

impl Compiler {
    /// Finds one; on Debian, as root, installs one after saying so.
    ///
    /// # Errors
    ///
    /// [`NoCompiler`] when there is none.
    pub(super) fn find() -> anyhow::Result<Self> {
        if let Some(found) = Self::installed()? {
            return Ok(found);
        }
        if Path::new("/etc/debian_version").exists() && is_root() {
            install_debian()?;
            if let Some(found) = Self::installed()? {
                return Ok(found);
            }
        }
        Err(NoCompiler::Rustc.into())
    }

    /// A compiler that has the target's library, else one that can build it.
    fn installed() -> anyhow::Result<Option<Self>> {
        let named = env::var_os("RUSTC").map(PathBuf::from);
        let candidates: Vec<Candidate> = named
            .into_iter()
            .chain(["rustc".into(), "/usr/bin/rustc".into()])
            .filter_map(Candidate::ask)
            .filter(|candidate| candidate.release >= OLDEST)
            .collect();
        let ready =
            candidates.iter().find(|candidate| candidate.has_std()).map(|found| (found, Std::Installed));
        let chosen =
            ready.or_else(|| candidates.iter().find_map(|c| Some((c, Std::Source(c.std_source()?)))));
        let Some((found, std)) = chosen else { return Ok(None) };
        let linker = find_linker(&candidates).ok_or(NoCompiler::Linker)?;
        let linker_version = ask(&linker, &["--version"])
            .with_context(|| format!("{} does not say its version", linker.display()))?;
        Ok(Some(Self {
            program: found.program.clone(),
            version: found.version.clone(),
            std,
            linker,
            linker_version: linker_version.trim().to_owned(),
        }))
    }

    /// To run it.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// Where the standard library comes from.
    pub(super) fn std(&self) -> &Std {
        &self.std
    }

    /// To be on `PATH`, so that the linker and what it runs in turn are found.
    pub(super) fn linker_folder(&self) -> &Path {
        self.linker.parent().unwrap_or(Path::new("."))
    }

    /// For a person.
    pub(super) fn describe(&self) -> String {
        let version = self.version.lines().next().unwrap_or_default();
        match self.std {
            Std::Installed => version.to_owned(),
            Std::Source(_) => format!("{version}, and the standard library from source"),
        }
    }

    /// All that tells this toolchain from another one that makes other bytes.
    pub(super) fn identity(&self) -> String {
        let std = match self.std {
            Std::Installed => "installed",
            Std::Source(_) => "built from source",
        };
        format!("{}\nstandard library: {std}\nlinker: {}\n", self.version.trim_end(), self.linker_version)
    }
}

/// There is nothing to build guests with. Says what helps.
#[derive(Debug)]
pub(crate) enum NoCompiler {
    /// No compiler has the target's standard library or its source.
    Rustc,
    /// No linker.
    Linker,
}

impl fmt::Display for NoCompiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = OLDEST;
        match self {
            Self::Rustc => write!(
                f,
                "no Rust compiler (from {major}.{minor} on) with the standard library for {TARGET}. Run one of\n  \
                 rustup target add {TARGET}\n  \
                 apt-get update && apt-get install -y --no-install-recommends {}   (Debian, as root)",
                DEBIAN_PACKAGES.join(" ")
            ),
            Self::Linker => write!(
                f,
                "no linker {LINKER}, neither on PATH nor in lib/rustlib/*/bin of a Rust toolchain. A toolchain from rustup has it, \
                 and so does\n  cargo install {LINKER}"
            ),
        }
    }
}

impl std::error::Error for NoCompiler {}

/// A compiler that answers.
struct Candidate {
    program: PathBuf,
    version: String,
    release: (u32, u32),
    sysroot: PathBuf,
}

impl Candidate {
    fn ask(program: PathBuf) -> Option<Self> {
        let sysroot = PathBuf::from(ask(&program, &["--print", "sysroot"])?.trim_end());
        let version = ask(&program, &["-vV"])?;
        let release = release(&version)?;
        Some(Self { program, version, release, sysroot })
    }

    fn has_std(&self) -> bool {
        let lib = self.sysroot.join("lib/rustlib").join(TARGET).join("lib");
        fs::read_dir(lib).is_ok_and(|entries| {
            entries.flatten().any(|entry| {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                name.starts_with("libstd-") && name.ends_with(".rlib")
            })
        })
    }

    fn std_source(&self) -> Option<PathBuf> {
        let library = self.sysroot.join("lib/rustlib/src/rust/library");
        library.join("Cargo.lock").is_file().then_some(library)
    }

    /// The toolchain's own tools.
    fn tools(&self) -> Option<PathBuf> {
        let host = self.version.lines().find_map(|line| line.strip_prefix("host: "))?;
        Some(self.sysroot.join("lib/rustlib").join(host).join("bin"))
    }
}

/// `release: 1.96.0` as numbers.
fn release(version: &str) -> Option<(u32, u32)> {
    let release = version.lines().find_map(|line| line.strip_prefix("release: "))?;
    let mut numbers = release.split('.').map_while(|part| part.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// A toolchain brings its own; a distribution may have put one on `PATH`.
fn find_linker(candidates: &[Candidate]) -> Option<PathBuf> {
    let file = format!("{LINKER}{}", env::consts::EXE_SUFFIX);
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = candidates.iter().filter_map(Candidate::tools).chain(env::split_paths(&path));
    folders.map(|folder| folder.join(&file)).find(|linker| linker.is_file())
}

fn install_debian() -> anyhow::Result<()> {
    let install: Vec<&str> =
        ["install", "-y", "--no-install-recommends"].iter().chain(DEBIAN_PACKAGES).copied().collect();
    for arguments in [vec!["update"], install] {
        step(&format!("no compiler for {TARGET}; running apt-get {}", arguments.join(" ")));
        let output = Command::new("apt-get")
            .args(&arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .output()
            .context("cannot run apt-get")?;
        if !output.status.success() {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
            return Err(NoCompiler::Rustc.into());
        }
    }
    Ok(())
}

fn is_root() -> bool {
    ask(Path::new("id"), &["-u"]).is_some_and(|id| id.trim() == "0")
}

/// What a program writes, if it can be run and is content.
fn ask(program: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).env("RUSTUP_AUTO_INSTALL", "0").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn a_release_is_read_from_the_compilers_own_words() {
        let rows = [
            ("rustc 1.96.0 (abc)\nhost: x\nrelease: 1.96.0\n", Some((1, 96))),
            ("release: 1.97.0-nightly\n", Some((1, 97))),
            ("rustc 1.96.0\n", None),
            ("release: new\n", None),
        ];
        for (text, expected) in rows {
            assert_eq!(release(text), expected, "{text}");
        }
    }
}
