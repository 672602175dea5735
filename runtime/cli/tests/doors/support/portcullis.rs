//! One run of the command, in an environment of its own, under a watchdog.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Far longer than any run takes: it only tells a hang from a slow machine.
const WATCHDOG: Duration = Duration::from_secs(60);

pub(crate) struct Portcullis {
    command: Command,
    stdin: Vec<u8>,
    stdout: Option<File>,
}

/// What a run left behind.
pub(crate) struct Run {
    /// The exit code; a signal has none and fails the run.
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Portcullis {
    /// The binary under test. Nothing of this environment reaches it; it starts in the root folder.
    pub(crate) fn new<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self::at(Path::new(env!("CARGO_BIN_EXE_portcullis")), arguments)
    }

    /// The same binary under another path.
    pub(crate) fn at<A: AsRef<OsStr>>(binary: &Path, arguments: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(binary);
        command.args(arguments).env_clear().current_dir("/");
        Self { command, stdin: Vec::new(), stdout: None }
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Writes to a file in place of what the run reports as its standard output.
    pub(crate) fn stdout_to(mut self, file: File) -> Self {
        self.stdout = Some(file);
        self
    }

    /// The command itself, for what only some tests change.
    pub(crate) fn command(&mut self) -> &mut Command {
        &mut self.command
    }

    pub(crate) fn run(mut self) -> Run {
        let stdout = self.stdout.take().map_or_else(Stdio::piped, Stdio::from);
        self.command.stdin(Stdio::piped()).stdout(stdout).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().unwrap();
        let input = std::mem::take(&mut self.stdin);
        // A run that does not read its input closes the pipe: that is no fault of the test.
        thread::spawn(move || drop(stdin.write_all(&input)));
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let (stdout, stderr) = (collect(&stdout, &mut child), collect(&stderr, &mut child));
        let status = child.wait().unwrap();
        let stderr = String::from_utf8(stderr).expect("messages are text");
        let Some(code) = status.code() else { panic!("ended by a signal: {status}\n{stderr}") };
        assert!(!stderr.contains("panicked"), "{stderr}");
        Run { code, stdout, stderr }
    }
}

impl Run {
    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the output is text")
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts the exit code, showing everything where it differs.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Asserts a failure that says all of these, with nothing on standard output.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, parts: &[&str]) -> Self {
        let run = self.expect(code);
        assert!(run.stdout.is_empty(), "nothing may be written: {run:?}");
        for part in parts {
            assert!(run.stderr.contains(part), "{part:?} is missing: {run:?}");
        }
        run
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let start: String = String::from_utf8_lossy(&self.stdout).chars().take(4000).collect();
        write!(f, "exit code {}\n--- stdout\n{start}\n--- stderr\n{}", self.code, self.stderr)
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

fn collect(pipe: &mpsc::Receiver<Vec<u8>>, child: &mut Child) -> Vec<u8> {
    pipe.recv_timeout(WATCHDOG).unwrap_or_else(|_| {
        let _ = child.kill();
        let _ = child.wait();
        panic!("the command hung");
    })
}
