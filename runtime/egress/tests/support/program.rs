//! A server that is a program of somebody else, for one test.

#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server that ends with the test.
pub(crate) struct Program {
    child: Child,
    port: u16,
}

/// Where it says that it is there.
pub(crate) enum Says {
    /// On its standard output.
    Output(&'static str),
    /// On its standard error.
    Error(&'static str),
}

impl Program {
    /// Starts one, at a port that `arguments` are made from; nothing, and a word about it, where it is not installed.
    pub(crate) fn start(name: &str, says: &Says, arguments: impl Fn(&mut Command, u16)) -> Option<Self> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/servers/bin").join(name);
        if !program.exists() {
            let test = std::thread::current().name().unwrap_or_default().to_owned();
            // Not by a macro: the test runner would keep it to itself.
            let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no {name}, run `cargo xtask servers`");
            return None;
        }
        let start = || {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut command = Command::new(&program);
            arguments(&mut command, port);
            Self::start_at(command, port, says)
        };
        // A port that is free now may be taken a moment later: then the server ends at once, and the next one is tried.
        Some((0..10).find_map(|_| start()).unwrap_or_else(|| panic!("{name} does not start")))
    }

    fn start_at(mut command: Command, port: u16, says: &Says) -> Option<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        match says {
            Says::Output(_) => command.stdout(Stdio::piped()),
            Says::Error(_) => command.stderr(Stdio::piped()),
        };
        let mut server = Self { child: command.spawn().unwrap(), port };
        let (output, word): (Box<dyn Read + Send>, _) = match says {
            Says::Output(word) => (Box::new(server.child.stdout.take().unwrap()), word),
            Says::Error(word) => (Box::new(server.child.stderr.take().unwrap()), word),
        };
        let mut output = BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line).unwrap() > 0 {
            if line.contains(word) {
                // It is never stopped by a pipe that is full.
                std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
                return Some(server);
            }
            line.clear();
        }
        None
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
