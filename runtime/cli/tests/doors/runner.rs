//! The runner: the process behind the daemon in which backends run, restricted as the one-shot doors are.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Daemon, Folder, Portcullis, Run, root};

/// Far longer than anything takes: it only tells a hang from a slow machine.
const WATCHDOG: Duration = Duration::from_secs(60);

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../guest-providers/dist");

/// An agent's file, a check with one secret, and the secret's file in a folder of its own.
fn files() -> Folder {
    let folder = Folder::new();
    folder.folder("run");
    folder.write("keys/s.json", r#"{"password": "first"}"#);
    folder.write("conf.d/postgres.d/conf.yaml", "instances:\n  - password: ENC[password]\n");
    configure(&folder, "keys/s.json");
    folder
}

fn configure(folder: &Folder, store: &str) {
    let (store, run) = (folder.at(store), folder.at("run"));
    folder.write(
        "datadog.yaml",
        format!(
            "secret_backend_type: file.json\nsecret_backend_config: {{ file_path: {store} }}\nrun_path: {run}\n"
        ),
    );
}

fn start(folder: &Folder, more: &[&str]) -> Daemon {
    let (config, confd) = (folder.at("datadog.yaml"), folder.at("conf.d"));
    Daemon::start(folder, &[&["--config", &config, "--confd", &confd], more].concat())
}

/// The same, once everything is resolved.
fn resolved(folder: &Folder) -> Daemon {
    let daemon = start(folder, &[]);
    daemon.until("resolved once");
    daemon
}

/// Tries until there is something.
#[track_caller]
fn at_last<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(began.elapsed() < WATCHDOG, "never: {what}");
        std::thread::yield_now();
    }
}

/// A line of a process's status, of each of its threads.
fn status(pid: u32, key: &str) -> Vec<String> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let line = |path: PathBuf| {
        let status = fs::read_to_string(path).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        Some(line.trim().to_owned())
    };
    threads.filter_map(|thread| line(thread.unwrap().path().join("status"))).collect()
}

/// The processes that the daemon has started.
fn runners(daemon: &Daemon) -> Vec<u32> {
    let own = daemon.id().to_string();
    let processes = fs::read_dir("/proc").unwrap();
    let pids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.lines().any(|line| line.strip_prefix("PPid:").is_some_and(|parent| parent.trim() == own))
    })
    .collect()
}

/// The one that is there once all others are gone.
#[track_caller]
fn runner(daemon: &Daemon) -> u32 {
    at_last("there is one runner", || match runners(daemon).as_slice() {
        [pid] => Some(*pid),
        _ => None,
    })
}

fn gone(pid: u32) {
    at_last("the runner is gone", || (!fs::exists(format!("/proc/{pid}")).unwrap()).then_some(()));
}

fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal).unwrap();
}

/// The value that the daemon hands out after a refresh.
fn refreshed(daemon: &Daemon) -> String {
    daemon.ask(&["secret", "refresh"]).expect(0);
    value(daemon)
}

/// From another thread than that which reads the daemon's log.
fn ask_for_refresh(folder: &Folder) -> Run {
    Portcullis::new(["secret", "refresh", "--socket", &folder.at("agent.sock")]).run()
}

fn value(daemon: &Daemon) -> String {
    let raw = daemon.ask(&["configcheck", "--raw"]).expect(0);
    let line = raw.text().lines().find_map(|line| line.split_once("password: ")).unwrap().1;
    line.trim_matches('"').to_owned()
}

fn metrics(folder: &Folder) -> String {
    let mut stream = UnixStream::connect(folder.path().join("agent.sock")).unwrap();
    write!(stream, "GET /metrics HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn backends_run_behind_the_wall_and_the_daemon_before_it() {
    let folder = files();
    let daemon = resolved(&folder);
    let pid = runner(&daemon);
    assert_eq!(value(&daemon), "first");
    let all = |pid, key, expected: &str| {
        let lines = status(pid, key);
        assert!(!lines.is_empty() && lines.iter().all(|line| line == expected), "{key}: {lines:?}");
    };
    all(pid, "Seccomp", "2");
    all(pid, "NoNewPrivs", "1");
    all(daemon.id(), "Seccomp", "0");
    assert_eq!(
        fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap().split('\0').nth(1),
        Some("runner")
    );
    // Its memory is its own, as the daemon's is; a process of root sees the descriptors, too: pipes and the log, its
    // own code, and nothing that the daemon has open.
    if root() {
        let open = fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
        let open: Vec<String> =
            open.map(|entry| fs::read_link(entry.unwrap().path()).unwrap().display().to_string()).collect();
        assert!(
            !open.iter().any(|place| place.starts_with("socket:") || place.contains("secret")),
            "{open:?}"
        );
    }
    let log = daemon.stop();
    assert!(!log.iter().any(|line| line.contains("first")), "{log:#?}");
    gone(pid);
}

#[test]
fn without_the_wall_it_is_a_process_of_its_own_all_the_same() {
    let folder = files();
    let daemon = start(&folder, &["--no-wall"]);
    let log = daemon.until("resolved once");
    assert!(log.iter().any(|line| line.contains("no second wall (--no-wall)")), "{log:#?}");
    let pid = runner(&daemon);
    assert!(status(pid, "Seccomp").iter().all(|line| line == "0"));
    assert_eq!(value(&daemon), "first");
    daemon.stop();
    gone(pid);
}

#[test]
fn one_that_is_killed_is_replaced_by_the_next_batch() {
    let folder = files();
    let daemon = resolved(&folder);
    for value in ["second", "third"] {
        let pid = runner(&daemon);
        signal(pid, Signal::KILL);
        daemon.until("the runner ended (signal: 9 (SIGKILL))");
        gone(pid);
        folder.write("keys/s.json", format!(r#"{{"password": "{value}"}}"#));
        assert_eq!(refreshed(&daemon), value);
        daemon.until("the runner is ready");
        assert_ne!(runner(&daemon), pid);
    }
    daemon.stop();
}

/// A batch that is under way when it is killed fails for now: what was good stays in use.
#[test]
fn what_is_under_way_when_it_is_killed_keeps_its_last_value() {
    let folder = files();
    let daemon = resolved(&folder);
    let pid = runner(&daemon);
    signal(pid, Signal::STOP);
    std::thread::scope(|scope| {
        let refresh = scope.spawn(|| ask_for_refresh(&folder));
        at_last("a call is under way", || {
            metrics(&folder).contains("portcullis_sandbox_calls{state=\"in_flight\"} 1").then_some(())
        });
        signal(pid, Signal::KILL);
        let refresh = refresh.join().unwrap().expect(1);
        assert!(format!("{refresh:?}").contains("the runner ended (signal: 9"), "{refresh:?}");
    });
    assert_eq!(value(&daemon), "first");
    folder.write("keys/s.json", r#"{"password": "second"}"#);
    assert_eq!(refreshed(&daemon), "second");
    daemon.stop();
}

/// A reload that grants more: the new runner is there first, the old one answers what it was asked, and then it ends.
#[test]
fn a_reload_that_grants_more_drains_the_old_one() {
    let folder = files();
    let daemon = resolved(&folder);
    let old = runner(&daemon);
    folder.write("keys/s.json", r#"{"password": "from the old place"}"#);
    folder.write("elsewhere/s.json", r#"{"password": "from the new place"}"#);
    signal(old, Signal::STOP);
    std::thread::scope(|scope| {
        let refresh = scope.spawn(|| ask_for_refresh(&folder));
        at_last("a call is under way", || {
            metrics(&folder).contains("portcullis_sandbox_calls{state=\"in_flight\"} 1").then_some(())
        });
        configure(&folder, "elsewhere/s.json");
        daemon.signal(Signal::HUP);
        daemon.until("another configuration is in use");
        // Two: the batch is the old one's, and it waits for it.
        assert_eq!(runners(&daemon).len(), 2);
        assert!(metrics(&folder).contains("portcullis_sandbox_calls{state=\"in_flight\"} 0"));
        signal(old, Signal::CONT);
        refresh.join().unwrap().expect(0);
    });
    assert_eq!(value(&daemon), "from the old place");
    gone(old);
    let new = runner(&daemon);
    assert_ne!(new, old);
    assert_eq!(refreshed(&daemon), "from the new place");
    assert_eq!(runner(&daemon), new);
    daemon.stop();
}

/// The kernel's rules are bound to the folder that was there. Another one under the same name is a reason for another runner.
#[test]
fn a_folder_that_is_replaced_or_comes_late_is_in_reach() {
    let folder = files();
    fs::rename(folder.at("keys"), folder.at("away")).unwrap();
    let daemon = resolved(&folder);
    assert_eq!(value(&daemon), "ENC[password]");
    for value in ["late", "replaced"] {
        let old = runner(&daemon);
        if fs::exists(folder.at("keys")).unwrap() {
            fs::rename(folder.at("keys"), folder.at(&format!("before-{value}"))).unwrap();
        }
        folder.write("keys/s.json", format!(r#"{{"password": "{value}"}}"#));
        daemon.until("another configuration is in use");
        // It may have looked while there was nothing, and then looks again.
        at_last("the new file is read", || {
            daemon.ask(&["secret", "refresh"]);
            (self::value(&daemon) == value).then_some(())
        });
        gone(old);
    }
    daemon.stop();
}

/// Killed, so that it cannot say goodbye: neither a runner that listens nor one that does not is left behind.
#[test]
fn it_does_not_outlive_the_daemon() {
    for stopped in [false, true] {
        let folder = files();
        let daemon = start(&folder, &[]);
        daemon.until("resolved once");
        let pid = runner(&daemon);
        if stopped {
            signal(pid, Signal::STOP);
        }
        daemon.kill();
        gone(pid);
    }
}

/// A component of the operator's own, and what it is denied: in the daemon's log, its audit file and its counters, once.
#[test]
fn what_happens_in_it_is_told_by_the_daemon() {
    let folder = files();
    folder.write("own.wasm", fs::read(format!("{DIST}/file.json.wasm")).unwrap());
    folder.folder("artefacts");
    // A link that leaves what is granted.
    folder.write("outside.json", r#"{"password": "outside"}"#);
    fs::remove_file(folder.at("keys/s.json")).unwrap();
    std::os::unix::fs::symlink(folder.at("outside.json"), folder.at("keys/s.json")).unwrap();
    let (granted, keys) = (folder.at("keys"), folder.at("keys/s.json"));
    folder.write(
        "portcullis.yaml",
        format!(
            "version: 1\nproviders:\n  own:\n    component: ./own.wasm\n    config: {{ file_path: '{keys}' }}\n    \
             filesystem: [{{ host: '{granted}' }}]\n"
        ),
    );
    let paths = ["portcullis.yaml", "datadog.yaml", "conf.d", "artefacts", "audit.jsonl"];
    let paths = paths.map(|name| folder.at(name));
    let [config, datadog, confd, artefacts, audit] = paths.each_ref().map(String::as_str);
    let files = ["--config", config, "--datadog", datadog, "--confd", confd];
    let daemon =
        Daemon::start(&folder, &[&files[..], &["--artefacts", artefacts, "--audit", audit]].concat());
    let log = daemon.until("resolved once");
    assert!(log.iter().any(|line| line.contains("denied") && line.contains("reason=fs.outside")), "{log:#?}");
    let written = fs::read_to_string(audit).unwrap();
    let events: Vec<serde_json::Value> =
        written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |what: &str| events.iter().filter(|event| event["event"] == what).collect::<Vec<_>>();
    assert_eq!(of("loaded").len(), 1, "{written}");
    assert!(
        of("denied").iter().any(|event| event["reason"] == "fs.outside" && event["provider"] == "own"),
        "{written}"
    );
    let counted = metrics(&folder);
    assert!(
        counted.contains("portcullis_denials_total{provider=\"own\",reason=\"fs.outside\"}"),
        "{counted}"
    );
    daemon.stop();
}

/// Its network is the plan's: names are looked up and requests are sent behind the wall, what is not allowed is told.
#[test]
fn it_sends_what_the_plan_allows() {
    let store = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = format!("localhost:{}", store.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for mut stream in store.incoming().flatten() {
            let mut head = String::new();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            while lines.read_line(&mut head).unwrap_or(0) > 2 {}
            let _ =
                write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nthe-value");
        }
    });
    let folder = files();
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests/dist/network_request.wasm");
    folder.write("guest.wasm", fs::read(guest).expect("guests: run `cargo xtask guests`"));
    folder.folder("artefacts");
    folder.write(
        "portcullis.yaml",
        format!(
            "version: 1\nproviders:\n  store:\n    component: ./guest.wasm\n    network:\n      - name: store\n        \
             origin: http://{authority}\n        allow: [GET /v1/**]\n        private: [127.0.0.0/8, '::1/128']\n"
        ),
    );
    let request = |path: &str| {
        let request = serde_json::json!({ "scheme": "http", "authority": authority, "path": path });
        format!("ENC[attack:{request}]")
    };
    folder.write(
        "conf.d/postgres.d/conf.yaml",
        format!("instances:\n  - password: '{}'\n    other: '{}'\n", request("/v1/x"), request("/v2/x")),
    );
    let paths = ["portcullis.yaml", "datadog.yaml", "conf.d", "artefacts", "audit.jsonl"];
    let paths = paths.map(|name| folder.at(name));
    let [config, datadog, confd, artefacts, audit] = paths.each_ref().map(String::as_str);
    let files = ["--config", config, "--datadog", datadog, "--confd", confd];
    let daemon =
        Daemon::start(&folder, &[&files[..], &["--artefacts", artefacts, "--audit", audit]].concat());
    daemon.until("resolved once");
    assert!(status(runner(&daemon), "Seccomp").iter().all(|line| line == "2"));
    assert!(value(&daemon).contains("the-value"), "{}", value(&daemon));
    let written = fs::read_to_string(audit).unwrap();
    let denied = written.lines().find(|line| line.contains("\"denied\"")).unwrap();
    let denied: serde_json::Value = serde_json::from_str(denied).unwrap();
    assert_eq!(denied["reason"], "net.path", "{denied}");
    assert_eq!(denied["asked"]["url"], format!("http://{authority}/v2/x"), "{denied}");
    daemon.stop();
}
