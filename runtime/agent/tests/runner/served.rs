//! The runner's own side, with a daemon that is this test.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::JoinHandle;

use portcullis::{Calls, Catalogue, Fault, Handle, Providers};
use portcullis_agent::runner::{Outlet, begin, serve};
use portcullis_policy::{Event, EventSink as _, ProviderName};
use portcullis_secrets::{Backend, Failure, FailureKind, Resolution, ResolutionFuture, Secret};
use tokio::sync::Semaphore;

use super::fake::{WATCHDOG, catalogue};

/// Answers each handle with itself; one that begins with `wait` only when the gate opens.
struct Echo {
    catalogue: Catalogue,
    gate: Arc<Semaphore>,
}

impl Backend for Echo {
    fn resolve<'a>(&'a self, handles: &'a [Handle]) -> ResolutionFuture<'a> {
        Box::pin(async move {
            if handles.iter().any(|handle| handle.as_str().starts_with("wait")) {
                let _ = self.gate.acquire().await;
            }
            let answer = |handle: &Handle| {
                let outcome = match handle.as_str() {
                    "none" => Err(Failure::new(FailureKind::NotFound, "m".repeat(1 << 20))),
                    "long" => Ok(Secret::new("\0".repeat(64 << 20))),
                    text => Ok(Secret::new(text)),
                };
                Resolution { handle: handle.clone(), outcome }
            };
            handles.iter().map(answer).collect()
        })
    }
}

impl Providers for Echo {
    fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    fn faults(&self) -> Vec<Fault> {
        vec![Fault { provider: ProviderName::new("p").unwrap(), message: "broken".to_owned() }]
    }

    fn calls(&self) -> Option<Calls> {
        Some(Calls { in_flight: 0, limit: 7 })
    }
}

struct Served {
    stream: UnixStream,
    gate: Arc<Semaphore>,
    outlet: Outlet,
    ended: JoinHandle<()>,
}

impl Served {
    fn start() -> Self {
        let (stream, other) = UnixStream::pair().unwrap();
        stream.set_read_timeout(Some(WATCHDOG)).unwrap();
        let gate = Arc::new(Semaphore::new(0));
        let (outlet, outgoing) = Outlet::new();
        let providers = Arc::new(Echo { catalogue: catalogue(), gate: Arc::clone(&gate) });
        let said = outgoing.start(other.try_clone().unwrap()).unwrap();
        let end = outlet.clone();
        let ended = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
            runtime.block_on(serve(other, &end, providers.clone(), providers.faults())).unwrap();
            end.end();
            said.join().unwrap();
        });
        Self { stream, gate, outlet, ended }
    }

    fn tell(&mut self, message: &str) {
        let length = u32::try_from(message.len()).unwrap().to_le_bytes();
        self.stream.write_all(&[&length, message.as_bytes()].concat()).unwrap();
    }

    fn hear(&mut self) -> Option<serde_json::Value> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).ok()?;
        let mut message = vec![0; usize::try_from(u32::from_le_bytes(length)).unwrap()];
        self.stream.read_exact(&mut message).unwrap();
        Some(serde_json::from_slice(&message).unwrap())
    }

    fn heard(&mut self) -> serde_json::Value {
        self.hear().expect("a message")
    }
}

fn resolve(id: u64, handles: &[&str]) -> String {
    serde_json::json!({ "resolve": { "id": id, "handles": handles } }).to_string()
}

#[test]
fn batches_are_answered_as_they_are_done_and_the_last_after_the_end() {
    let mut served = Served::start();
    let faults = serde_json::json!([{ "provider": "p", "message": "broken" }]);
    assert_eq!(served.heard(), serde_json::json!({ "ready": { "faults": faults, "calls": 7 } }));
    served.tell(&resolve(1, &["wait-1", "x"]));
    served.tell(&resolve(2, &["y"]));
    let second = served.heard();
    assert_eq!(second["answer"]["id"], 2);
    assert_eq!(second["answer"]["resolutions"][0]["outcome"]["value"]["text"], "y");
    assert_eq!(second["answer"]["faults"], faults);
    served.tell(&resolve(3, &["wait-3"]));
    // No more questions: the two that are open have their answers all the same.
    served.stream.shutdown(std::net::Shutdown::Write).unwrap();
    served.gate.add_permits(2);
    let mut ids = [served.heard(), served.heard()].map(|said| said["answer"]["id"].as_u64().unwrap());
    ids.sort_unstable();
    assert_eq!(ids, [1, 3]);
    served.ended.join().unwrap();
    assert!(served.stream.read(&mut [0]).is_ok_and(|read| read == 0));
}

/// Too much for one message is that batch's failure, and nobody's end. Messages are cut where guests' would be.
#[test]
fn what_is_too_long_is_a_failure() {
    let mut served = Served::start();
    served.heard();
    served.tell(&resolve(1, &["long"]));
    let said = served.heard();
    let failure = &said["answer"]["resolutions"][0]["outcome"]["failure"];
    assert_eq!(failure["message"], "the values of one batch are too long together");
    served.tell(&resolve(2, &["none"]));
    let said = served.heard();
    let failure = &said["answer"]["resolutions"][0]["outcome"]["failure"];
    assert_eq!(
        (failure["kind"].as_str(), failure["message"].as_str().map(str::len)),
        (Some("not_found"), Some(64 << 10))
    );
}

/// What is no question ends it, after what was asked before.
#[test]
fn what_cannot_be_read_ends_it() {
    for rubbish in ["rubbish", "{}", r#"{"resolve":{"id":1}}"#] {
        let mut served = Served::start();
        served.heard();
        served.tell(&resolve(1, &["wait"]));
        served.tell(rubbish);
        served.gate.add_permits(1);
        assert_eq!(served.heard()["answer"]["id"], 1);
        served.ended.join().unwrap();
    }
}

/// A daemon that does not read costs it events, and no memory.
#[test]
fn events_that_nobody_takes_are_dropped() {
    let mut served = Served::start();
    let provider = ProviderName::new("p").unwrap();
    for lines in 0..50_000 {
        served.outlet.record(&Event::GuestLogDropped { provider: provider.clone(), lines });
    }
    served.tell(&resolve(1, &["x"]));
    let mut events = 0;
    loop {
        let said = served.heard();
        if said.get("answer").is_some() {
            break;
        }
        events += u32::from(said.get("event").is_some());
    }
    // Those that wait in the queue, where the first message may still be counted, and those that fit into the socket.
    assert!((4095..50_000).contains(&events), "{events}");
}

#[test]
fn what_is_said_first_is_the_configuration() {
    let rows: [(&[u8], Result<&str, &str>); 4] = [
        (b"\x03\0\0\0abcmore", Ok("abc")),
        (b"", Err("the pipe ended before the first frame")),
        (b"\x03\0\0\0ab", Err("the pipe ended within a frame")),
        (b"\xff\xff\xff\xff", Err("a frame of 4294967295 bytes, where 268435456 are the most")),
    ];
    for (mut bytes, expected) in rows {
        let begun = begin(&mut bytes).map_err(|error| error.to_string());
        let begun = begun.as_ref().map(|begun| std::str::from_utf8(begun).unwrap()).map_err(String::as_str);
        assert_eq!(begun, expected);
    }
}
