//! How a runner is started.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

/// A program that reads its configuration with [`begin`](super::begin) and then calls [`serve`](super::serve), and what it is
/// told first.
#[derive(Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    begin: Zeroizing<Vec<u8>>,
    before_start: Option<fn()>,
}

impl Program {
    /// A program, the arguments that make it a runner, and the bytes that [`begin`](super::begin) gives it: its configuration.
    ///
    /// It is started with this process's environment, working folder and standard error, and with pipes in place of the other
    /// two streams. It must be built from the same version of this crate.
    #[must_use]
    pub fn new<A: Into<OsString>>(
        path: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = A>,
        begin: Zeroizing<Vec<u8>>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { path: path.into(), arguments, begin, before_start: None }
    }

    /// The running program itself: the same build beyond doubt, also where another file has taken its place.
    ///
    /// # Errors
    /// Where the system does not tell which program runs.
    pub fn this_program<A: Into<OsString>>(
        arguments: impl IntoIterator<Item = A>,
        begin: Zeroizing<Vec<u8>>,
    ) -> io::Result<Self> {
        let path = if cfg!(target_os = "linux") { "/proc/self/exe".into() } else { std::env::current_exe()? };
        Ok(Self::new(path, arguments, begin))
    }

    /// What this process does each time before it starts one: mark descriptors that are not for the runner, for example.
    #[must_use]
    pub fn before_start(mut self, act: fn()) -> Self {
        self.before_start = Some(act);
        self
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn begin(&self) -> &[u8] {
        &self.begin
    }

    pub(super) fn command(&self) -> Command {
        use std::os::unix::process::CommandExt as _;
        if let Some(act) = self.before_start {
            act();
        }
        let mut command = Command::new(&self.path);
        command
            .args(&self.arguments)
            .arg0("portcullis-runner")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        command
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").field("path", &self.path).finish_non_exhaustive()
    }
}
