//! A thousand at once: honest ones are all answered, whatever the others do, and nothing stays open.
//!
//! Alone in its process, whose descriptors it counts.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "server/running.rs"]
mod running;

use std::time::Duration;

use portcullis_agent::client;
use portcullis_agent::server::Peers;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use running::Running;

const HONEST: usize = 600;
const SLOW: usize = 200;
const MALFORMED: usize = 200;

#[tokio::test]
async fn honest_ones_are_answered_among_slow_and_malformed_ones() {
    // Two descriptors for each connection are in this one process.
    rustix::process::setrlimit(rustix::process::Resource::Nofile, {
        let mut limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        limit.current = limit.maximum;
        limit
    })
    .unwrap();
    let running = Running::start(Peers::own());
    let before = descriptors();
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut stream = UnixStream::connect(running.path()).await.unwrap();
        stream.write_all(b"GET /slow HTTP/1.1\r\nhost").await.unwrap();
        slow.push(stream);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..HONEST + MALFORMED {
        let path = running.path().to_owned();
        tasks.spawn(async move {
            if number % 4 == 3 {
                let mut stream = UnixStream::connect(&path).await.unwrap();
                let _ = stream.write_all(b"\x16\x03\x01 this is no HTTP\r\n\r\n").await;
                let _ = stream.read_to_end(&mut Vec::new()).await;
                return 0;
            }
            let target = format!("/{number}?key={number}");
            let (status, body) = client::get(&path, &target, Duration::from_secs(60)).await.unwrap();
            assert_eq!(
                (status.as_u16(), body.as_ref()),
                (200, format!("GET /{number} Some(\"{number}\")").as_bytes())
            );
            1
        });
    }
    let answered: usize = tasks.join_all().await.into_iter().sum();
    assert_eq!((answered, running.answered()), (HONEST, HONEST));
    // The slow ones are still there, and one that goes on is answered.
    let mut late = slow.pop().unwrap();
    late.write_all(b": x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    late.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") || answer.is_empty(), "{answer}");
    drop(slow);
    let path = running.path().to_owned();
    running.stop().await;
    assert!(!path.exists());
    // All that is left are those that were there before, but for the listener's.
    assert!(descriptors() <= before, "{} descriptors, and {before} before", descriptors());
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
