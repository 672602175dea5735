//! The process that is traced: a resolver as a host embeds it, and a guest that sends what it is told to.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use portcullis::{Configuration, Handle, Plan, Resolver, TrustedFiles};
use secrecy::ExposeSecret as _;

/// The argument that makes this program the child.
pub(crate) const MODE: &str = "traced-child";

/// Prepares, waits for a byte on standard input, resolves, and prints a line for each answer.
pub(crate) fn main(folder: &str) {
    let folder = Path::new(folder);
    let files = TrustedFiles::allow_group_write();
    let configuration = Configuration::read(&files, &folder.join("c.yaml")).unwrap();
    let plan = Plan::compile(configuration, None).unwrap();
    let resolver = Resolver::builder(plan).one_shot().trusted_files(files).build();
    let requests = std::fs::read_to_string(folder.join("requests")).unwrap();
    let handles: Vec<Handle> =
        requests.lines().map(|request| Handle::new(format!("attack:{request}"))).collect();
    resolver.prepare(&handles);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();

    let _ = std::io::stdin().read(&mut [0]).unwrap();
    let resolutions = runtime.block_on(resolver.resolve_handles(&handles));
    let mut out = std::io::stdout().lock();
    for resolution in resolutions {
        let text = match &resolution.outcome {
            Ok(secret) => secret.value.expose_secret().to_owned(),
            Err(failure) => failure.message.clone(),
        };
        writeln!(out, "{}", text.replace('\n', " ")).unwrap();
    }
}

/// Answers one request with nothing.
pub(crate) fn answer(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 4096]);
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
}
