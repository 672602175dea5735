//! What a denied request does to the system: nothing. A child that is traced call by call makes some, and is seen to open no
//! socket, to look up no name and to connect to nobody; the same child with a request that is allowed is seen to do so.

#![cfg_attr(
    not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))),
    allow(unused)
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod child;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod tracer;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(child::MODE) {
        child::main(&arguments.next().expect("a folder"));
        return ExitCode::SUCCESS;
    }
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let test = libtest_mimic::Trial::test("a_denied_request_is_no_system_call", || {
            check();
            Ok(())
        });
        return libtest_mimic::run(&libtest_mimic::Arguments::from_args(), vec![test]).exit_code();
    }
    #[allow(unreachable_code, reason = "elsewhere nothing is traced")]
    ExitCode::SUCCESS
}

/// Requests that the policy of the child denies, each for another reason: scheme, authority and path.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
const DENIED: &[&str] = &[
    r#"{"scheme": "http", "authority": "denied.invalid", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "localhost:PORT", "path": "/b"}"#,
    r#"{"scheme": "http", "authority": "localhost:PORT", "path": "/a", "method": "POST"}"#,
    r#"{"scheme": "http", "authority": "localhost:PORT", "path": "/a?key=1"}"#,
    r#"{"scheme": "http", "authority": "localhost:PORT", "path": "/a", "headers": [["x-more", "1"]]}"#,
    r#"{"scheme": "https", "authority": "localhost:PORT", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "localhost:1", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "localhost:PORT@denied.invalid", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "LOCALHOST.:PORT", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "127.0.0.1:PORT", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "2130706433:PORT", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "[::1]:PORT", "path": "/a"}"#,
    r#"{"scheme": "http", "authority": "169.254.169.254", "path": "/latest/meta-data/"}"#,
];

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn check() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    std::thread::spawn(move || server.incoming().flatten().for_each(child::answer));
    let run = |requests: &[&str]| {
        let requests: Vec<String> = requests.iter().map(|request| request.replace("PORT", &port)).collect();
        tracer::run(&requests, &port)
    };

    let (answers, seen) = run(DENIED);
    for (answer, request) in answers.iter().zip(DENIED) {
        assert_eq!(answer, r#"{"error":"HttpRequestDenied"}"#, "{request}");
    }
    assert_eq!(answers.len(), DENIED.len());
    assert_eq!(seen, tracer::Seen::default(), "denied requests reach the system");

    // That the tracer sees what there is to see.
    let (answers, seen) = run(&[r#"{"scheme": "http", "authority": "localhost:PORT", "path": "/a"}"#]);
    assert!(answers[0].contains(r#""status":200"#), "{answers:?}");
    assert!(seen.sockets > 0 && seen.connects > 0, "{seen:?}");
    assert!(seen.resolver_files.iter().any(|file| file == "/etc/hosts"), "{seen:?}");
}
