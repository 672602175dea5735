//! A daemon that runs for as long as a test needs it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::{Folder, Portcullis, Run};

/// Far longer than anything takes: it only tells a hang from a slow machine.
const WATCHDOG: Duration = Duration::from_secs(60);

pub(crate) struct Daemon {
    child: Child,
    _stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    socket: String,
}

impl Daemon {
    /// Starts one whose socket is in `folder`.
    pub(crate) fn start(folder: &Folder, arguments: &[&str]) -> Self {
        Self::spawn(folder, arguments, &[])
    }

    /// The same with variables in its environment.
    pub(crate) fn spawn(folder: &Folder, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let socket = folder.at("agent.sock");
        let arguments = [&["agent", "--socket", &socket], arguments].concat();
        let mut portcullis = Portcullis::new(arguments).env("PORTCULLIS_LOG", "info");
        for (name, value) in variables {
            portcullis = portcullis.env(name, value);
        }
        let command = portcullis.command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                // The test may be over.
                let _ = sender.send(line);
            }
        });
        Self { _stdin: child.stdin.take(), child, lines, socket }
    }

    /// Reads its log until a line has this text; gives the lines up to it.
    #[track_caller]
    pub(crate) fn until(&self, text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(WATCHDOG) {
                Ok(line) => {
                    let found = line.contains(text);
                    seen.push(line);
                    if found {
                        return seen;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => panic!("it ended without {text:?}: {seen:#?}"),
                Err(RecvTimeoutError::Timeout) => panic!("no {text:?} in {seen:#?}"),
            }
        }
    }

    /// What a command of an operator prints.
    pub(crate) fn ask(&self, command: &[&str]) -> Run {
        Portcullis::new([command, &["--socket", &self.socket]].concat()).run()
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let id = rustix::process::Pid::from_raw(i32::try_from(self.id()).unwrap()).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Ends it as a service manager does; it must end well.
    #[track_caller]
    pub(crate) fn stop(mut self) -> Vec<String> {
        self.signal(rustix::process::Signal::TERM);
        let status = self.child.wait().unwrap();
        let rest: Vec<String> = self.lines.iter().collect();
        assert!(status.success(), "{status}: {rest:#?}");
        assert!(!std::fs::exists(&self.socket).unwrap(), "its socket is left behind");
        rest
    }

    /// Ends it without a word.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
