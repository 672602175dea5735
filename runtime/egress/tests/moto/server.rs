//! A `moto_server`, for one test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server that ends with the test.
pub(crate) struct Moto {
    child: Child,
    port: u16,
}

impl Moto {
    /// Starts one; nothing, and a word about it, where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/servers/bin/moto_server");
        if !program.exists() {
            let test = std::thread::current().name().unwrap_or_default().to_owned();
            // Not by a macro: the test runner would keep it to itself.
            let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no moto_server, run `cargo xtask servers`");
            return None;
        }
        // A port that is free now may be taken a moment later: then the server ends at once, and the next one is tried.
        let started = (0..10).find_map(|_| Self::start_at(&program));
        Some(started.expect("moto_server does not start"))
    }

    fn start_at(program: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut server = Self { child, port };
        let mut output = BufReader::new(server.child.stderr.take().unwrap());
        let mut line = String::new();
        while output.read_line(&mut line).unwrap() > 0 {
            if line.contains("Running on") {
                // It is never stopped by a pipe that is full.
                std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
                return Some(server);
            }
            line.clear();
        }
        None
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
