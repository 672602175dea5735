//! A store of a test: an HTTP server that answers as the test says, and keeps what it was asked.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// In lower case, in the order of arrival.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// The one value of a header. A header that is there twice is a mistake of the client's.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values =
            self.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str());
        let first = values.next();
        assert!(values.next().is_none(), "{name} is there twice: {self:?}");
        first
    }

    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// What it answers: status and body.
pub(crate) type Answer = (u16, String);

/// An answer with headers of its own beside.
pub(crate) type Full = (u16, Vec<(&'static str, String)>, String);

type Handler = dyn Fn(&Received) -> Full + Send + Sync;

/// A server on a free port of this machine. Ends with the process.
#[derive(Clone)]
pub(crate) struct Store {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Store {
    /// Starts one. Each connection has a thread: an answer may wait.
    pub(crate) fn start(handler: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        Self::start_full(move |received| {
            let (status, body) = handler(received);
            (status, Vec::new(), body)
        })
    }

    /// Starts one whose answers have headers.
    pub(crate) fn start_full(handler: impl Fn(&Received) -> Full + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let store = Self { address: listener.local_addr().unwrap(), received: Arc::default() };
        let (received, handler): (_, Arc<Handler>) = (Arc::clone(&store.received), Arc::new(handler));
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (received, handler) = (Arc::clone(&received), Arc::clone(&handler));
                thread::spawn(move || connection.map(|connection| serve(&connection, &received, &*handler)));
            }
        });
        store
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that it was asked so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Methods and targets of all that it was asked so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.received().iter().map(Received::line).collect()
    }
}

/// Answers the requests of one connection until it is closed.
fn serve(connection: &TcpStream, received: &Mutex<Vec<Received>>, handler: &Handler) -> Option<()> {
    let mut reader = BufReader::new(connection);
    loop {
        let request = read(&mut reader)?;
        received.lock().unwrap().push(request.clone());
        let (status, headers, body) = handler(&request);
        let mut head = format!(
            "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let head =
            if (300..400).contains(&status) { head + "location: https://other.example/\r\n" } else { head };
        (&*connection).write_all(format!("{head}\r\n{body}").as_bytes()).ok()?;
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    Some(Received { method, target, headers, body })
}
