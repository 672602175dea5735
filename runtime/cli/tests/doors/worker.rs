//! The command as its own compile worker: what it may use, what it inherits, and how it ends.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use portcullis::{Configuration, Handle, Plan, Resolver, TrustedFiles};
use portcullis_policy::{Grants, Policy, Profile, ProviderName, VerifiedComponent};
use portcullis_sandbox::{ArtefactStore, CompileError, Compiler, Engine, Worker, WorkerError, WorkerLimits};

use secrecy::ExposeSecret as _;

use crate::compile::Place;
use crate::support::{Folder, Portcullis};

const BINARY: &str = env!("CARGO_BIN_EXE_portcullis");
const MODE: &str = "compile-worker";

fn verified(text: &str) -> VerifiedComponent {
    let policy =
        Policy::compile(ProviderName::new("test").unwrap(), Profile::Custom, Grants::default(), None)
            .unwrap();
    policy.decide_component(wat::parse_str(text).unwrap()).unwrap()
}

/// Within every bound, and still some 40 s of work for one processor, with a gibibyte of memory.
fn slow() -> String {
    format!("(component (core module {}))", "(func)".repeat(200_000))
}

fn refused(worker: Worker, component: &VerifiedComponent) -> CompileError {
    let engine = Engine::on_demand(1).unwrap();
    Compiler::Worker(worker).compile(&engine, component).unwrap_err()
}

fn limited(limits: WorkerLimits) -> Worker {
    Worker::new(BINARY, [MODE]).limits(limits)
}

#[test]
fn what_it_compiles_is_what_this_process_would_compile() {
    let component = verified("(component (core module (func (export \"f\") (result i32) (i32.const 7))))");
    let engine = Engine::on_demand(1).unwrap();
    let bytes = |compiler: Compiler| {
        let artefact = compiler.compile(&engine, &component).unwrap();
        assert!(engine.load(&artefact).is_ok());
        let mut bytes = Vec::new();
        artefact.write_to(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(bytes(Compiler::Worker(Worker::new(BINARY, [MODE]))), bytes(Compiler::InProcess));
}

#[test]
fn a_component_is_refused_in_the_same_words() {
    let engine = Engine::on_demand(1).unwrap();
    let invalid = "(component (core module (func (result i32))))";
    let deep = format!("(component (core module (func {}{})))", "(loop ".repeat(101), ")".repeat(101));
    for text in ["(module)", invalid, &deep] {
        let component = verified(text);
        let here = Compiler::InProcess.compile(&engine, &component).unwrap_err().to_string();
        assert_eq!(refused(Worker::new(BINARY, [MODE]), &component).to_string(), here, "{text}");
    }
}

#[test]
fn each_limit_ends_it_and_says_which() {
    let slow = verified(&slow());
    let normal = WorkerLimits::default();
    let wall = WorkerLimits { wall: Duration::from_millis(200), ..normal };
    let said = refused(limited(wall), &slow);
    assert!(matches!(said, CompileError::Worker(WorkerError::Wall { .. })), "{said}");
    assert_eq!(said.to_string(), "compiling it takes more than 0.2 s: the compile worker was stopped");
    let cpu = WorkerLimits { cpu: Duration::from_secs(1), ..normal };
    let said = refused(limited(cpu), &slow);
    assert!(matches!(said, CompileError::Worker(WorkerError::Cpu { .. })), "{said}");
    let memory = WorkerLimits { memory: 128 << 20, ..normal };
    let said = refused(limited(memory), &slow);
    assert!(matches!(said, CompileError::Worker(WorkerError::Memory { .. })), "{said}");
    assert_eq!(
        said.to_string(),
        "compiling it takes more than 128 MiB of memory: the compile worker was stopped"
    );
}

/// Programs that are no worker: the host is told, and loads nothing.
#[test]
fn what_is_no_worker_is_not_believed() {
    let component = verified("(component)");
    let shell = |script: &str| Worker::new("/bin/sh", ["-c", script]);
    let said = refused(Worker::new("/none/such", [MODE]), &component).to_string();
    assert!(said.starts_with("the compile worker /none/such cannot be started: No such file"), "{said}");
    assert!(said.contains("portcullis compile"), "{said}");
    for (script, expected) in [
        ("cat >/dev/null", "sent back what cannot be used: it is no artefact: 0 bytes"),
        ("cat", "sent back what cannot be used: it is no artefact"),
        ("echo code", "sent back what cannot be used: it is no artefact: 5 bytes"),
        ("exit 7", "ended without an answer: exit status: 7"),
        ("echo it hurts >&2; exit 70", "ended without an answer: exit status: 70 (it hurts)"),
        ("kill -SEGV $$", "ended without an answer: signal: 11"),
        ("echo nonsense; exit 65", "says nothing that can be read"),
        ("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$", "more than 2048 MiB of memory"),
    ] {
        let said = refused(shell(script), &component).to_string();
        assert!(said.contains(expected), "{script}: {said}");
    }
    // Neither does one that leaves a child behind, with the pipes open.
    let limits = WorkerLimits { wall: Duration::from_millis(200), ..WorkerLimits::default() };
    for script in ["sleep 1000", "sleep 1000 & exec sleep 1000", "exec >&-; exec sleep 1000"] {
        let said = refused(shell(script).limits(limits), &component);
        assert!(matches!(said, CompileError::Worker(WorkerError::Wall { .. })), "{script}: {said}");
    }
}

/// The environment that a worker gets, and nothing of this one.
#[test]
fn its_environment_is_empty_but_for_its_threads() {
    let component = verified("(component)");
    let script = "cat >/dev/null; tr '\\0' ' ' </proc/$$/environ >&2; exit 1";
    let said = refused(Worker::new("/bin/sh", ["-c", script]), &component).to_string();
    let environment = said.split_once('(').unwrap().1.trim_end_matches(')');
    assert!(environment.starts_with("RAYON_NUM_THREADS="), "{said}");
    assert_eq!(environment.split_whitespace().count(), 1, "{said}");
}

/// A worker by itself, as its parent starts it: memory and processor time come after the mode.
fn alone(memory: u64, cpu: u64) -> Child {
    Command::new(BINARY)
        .args([OsString::from(MODE), memory.to_string().into(), cpu.to_string().into()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .arg0("worker")
        .spawn()
        .unwrap()
}

/// The current and the greatest value of one limit of a process. `None` where it has just ended.
#[cfg(target_os = "linux")]
fn limit(process: &Path, name: &str) -> Option<(String, String)> {
    let limits = fs::read_to_string(process.join("limits")).ok()?;
    let mut columns = limits.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace();
    Some((columns.next()?.to_owned(), columns.next()?.to_owned()))
}

/// It waits for its input: what holds by then holds before it has read a byte.
#[cfg(target_os = "linux")]
#[test]
fn its_limits_hold_before_it_reads() {
    let mut child = alone(1 << 30, 9);
    let process = PathBuf::from(format!("/proc/{}", child.id()));
    let row = |name: &str| limit(&process, name).unwrap();
    // The last of its limits; what it does before is a matter of its start.
    while row("Max open files").0 != "3" {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it had read anything");
        std::thread::yield_now();
    }
    let both = |value: u64| (value.to_string(), value.to_string());
    assert_eq!(row("Max data size"), both(1 << 30));
    assert_eq!(row("Max address space"), both((1 << 30) + (4 << 30)));
    assert_eq!(row("Max cpu time"), ("9".to_owned(), "10".to_owned()));
    assert_eq!(row("Max core file size"), both(0));
    assert_eq!(row("Max file size"), both(0));
    assert_eq!(row("Max open files"), both(3));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"not a component").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(65), "{output:?}");
    assert_eq!(output.stdout, b"invalid it does not begin as a component does\n");
}

#[test]
fn started_by_hand_it_says_that_it_is_not_meant_for_that() {
    for arguments in [&[MODE][..], &[MODE, "x", "y"], &[MODE, "1", "2", "3"]] {
        Portcullis::new(arguments).run().refused(70, &["started by Portcullis"]);
    }
    let help = Portcullis::new(["--help"]).run().expect(0);
    assert!(!help.text().contains(MODE), "it is not for people");
}

/// A component that keeps a worker busy, and a run of the command that waits for it.
#[cfg(target_os = "linux")]
fn busy(folder: &Folder) -> Child {
    let component = folder.write("slow.wasm", wat::parse_str(slow()).unwrap());
    let secret = folder.write("secret", "s");
    // A descriptor that is not closed when a program is started, as a careless parent leaves it.
    let script = "exec 9<\"$1\"; exec \"$0\" compile \"$2\" --artefacts \"$3\"";
    Command::new("/bin/sh")
        .args(["-c", script, BINARY])
        .args([secret, component, folder.path().join("artefacts")])
        .env_clear()
        .env("TOKEN", "marker")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The one child of a process, once it runs as worker with its limits set.
#[cfg(target_os = "linux")]
fn worker_of(parent: &mut Child) -> PathBuf {
    let children = format!("/proc/{0}/task/{0}/children", parent.id());
    loop {
        assert!(parent.try_wait().unwrap().is_none(), "it ended without a worker");
        let children = fs::read_to_string(&children).unwrap();
        for child in children.split_whitespace() {
            let process = PathBuf::from("/proc").join(child);
            let name = fs::read(process.join("cmdline")).unwrap_or_default();
            let limited = limit(&process, "Max open files").is_some_and(|(current, _)| current == "3");
            if name.starts_with(b"portcullis-compile\0compile-worker\0") && limited {
                return process;
            }
        }
        std::thread::yield_now();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_of_the_command_reaches_its_worker_and_it_dies_with_it() {
    let folder = Folder::new();
    let mut parent = busy(&folder);
    let worker = worker_of(&mut parent);
    let descriptors = fs::read_dir(worker.join("fd")).unwrap();
    let mut numbers: Vec<String> =
        descriptors.map(|fd| fd.unwrap().file_name().into_string().unwrap()).collect();
    numbers.sort();
    assert_eq!(numbers, ["0", "1", "2"]);
    let environment = fs::read(worker.join("environ")).unwrap();
    assert!(
        environment.starts_with(b"RAYON_NUM_THREADS=") && !environment.windows(6).any(|w| w == b"marker")
    );
    let status = fs::read_to_string(worker.join("status")).unwrap();
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    // The parent's end is the worker's, whatever it is doing.
    parent.kill().unwrap();
    assert_eq!(parent.wait().unwrap().signal(), Some(9));
    while File::open(worker.join("status")).is_ok_and(|status| {
        let mut lines = BufReader::new(status).lines().map_while(Result::ok);
        lines.any(|line| line.starts_with("State:") && !line.contains('Z'))
    }) {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_dir(folder.path().join("artefacts")).unwrap().count(), 0, "nothing half-written");
}

/// A worker that is killed from outside is an error, not a hang.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_that_is_killed_is_an_error() {
    let folder = Folder::new();
    let mut parent = busy(&folder);
    let worker = worker_of(&mut parent);
    let number = worker.file_name().unwrap();
    assert!(Command::new("kill").arg("-KILL").arg(number).status().unwrap().success());
    let output = parent.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("slow.wasm: the compile worker ended without an answer: signal: 9"), "{said}");
}

/// What is prepared needs neither the component's file nor the store any more, nor a worker.
#[test]
fn what_is_prepared_can_be_resolved_after_its_files_are_gone() {
    let place = Place::new();
    let files = TrustedFiles::strict();
    let configuration = Configuration::read(&files, place.config.as_ref()).unwrap();
    let resolver = Resolver::builder(Plan::compile(configuration, None).unwrap())
        .one_shot()
        .compiler(Compiler::Worker(Worker::new(BINARY, [MODE])))
        .artefacts(Some(ArtefactStore::open(&place.artefacts).unwrap()))
        .build();
    let handles = [Handle::new("k")];
    resolver.prepare(&handles);
    assert_eq!(place.kept().len(), 1);
    fs::remove_dir_all(&place.artefacts).unwrap();
    fs::remove_file(place.folder.at("a.wasm")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let resolved = runtime.block_on(resolver.resolve_handles(&handles));
    assert_eq!(resolved[0].outcome.as_ref().unwrap().value.expose_secret(), "v");
    assert!(resolver.faults().is_empty());
}
