//! Runs the child and looks at each of its system calls.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::child;

/// Calls by which something could leave the process, counted when they begin.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) sockets: u32,
    pub(crate) connects: u32,
    pub(crate) sends: u32,
    /// What a lookup reads.
    pub(crate) resolver_files: BTreeSet<String>,
}

const RESOLVER: [&str; 5] =
    ["/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf"];

/// The answers of the child to these requests, and what it did from the moment it was told to begin.
pub(crate) fn run(requests: &[String], port: &str) -> (Vec<String>, Seen) {
    let folder = tempfile::tempdir().unwrap();
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guests/dist/network_request.wasm");
    let component = folder.path().join("guest.wasm");
    std::fs::copy(guest, &component).expect("guests: run `cargo xtask guests`");
    let config = format!(
        "version: 1\nproviders:\n  guest:\n    component: {}\n    network:\n      \
         - {{ name: here, origin: 'http://localhost:{port}', allow: [GET /a] }}\n",
        component.display()
    );
    std::fs::write(folder.path().join("c.yaml"), config).unwrap();
    std::fs::write(folder.path().join("requests"), requests.join("\n")).unwrap();

    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg(child::MODE)
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until_it_reads(&child);
    let seen = trace(&mut child);
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    (out.lines().map(str::to_owned).collect(), seen)
}

/// Until the child's main thread waits for standard input, as the kernel says: what it does to get ready is not asked.
fn wait_until_it_reads(child: &Child) {
    let path = format!("/proc/{}/syscall", child.id());
    loop {
        let state = std::fs::read_to_string(&path).unwrap_or_default();
        let mut words = state.split(' ');
        let (call, descriptor) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if call == number(libc::SYS_read) && descriptor == "0x0" {
            return;
        }
        std::thread::yield_now();
    }
}

fn number(call: libc::c_long) -> String {
    call.to_string()
}

/// Seizes the main thread, lets the child begin, and follows it and every thread that it starts to the end.
fn trace(child: &mut Child) -> Seen {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    ptrace::seize(pid, Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACECLONE).unwrap();
    ptrace::interrupt(pid).unwrap();
    child.stdin.take().unwrap().write_all(b"!").unwrap();
    let mut seen = Seen::default();
    let mut inside = BTreeSet::new();
    loop {
        match waitpid(None, Some(WaitPidFlag::__WALL)) {
            Ok(WaitStatus::PtraceSyscall(thread)) => {
                // A call stops twice: when it begins and when it ends.
                if inside.insert(thread) {
                    look(thread, &mut seen);
                } else {
                    inside.remove(&thread);
                }
                go_on(thread, None);
            }
            Ok(WaitStatus::Stopped(thread, signal)) => go_on(thread, Some(signal)),
            Ok(WaitStatus::PtraceEvent(thread, ..)) => go_on(thread, None),
            Ok(WaitStatus::Exited(thread, _) | WaitStatus::Signaled(thread, ..)) if thread == pid => {
                return seen;
            }
            Ok(_) => {}
            Err(Errno::ECHILD) => return seen,
            Err(error) => panic!("{error}"),
        }
    }
}

fn go_on(thread: Pid, signal: Option<Signal>) {
    // A stop of the tracer's own making is no signal to the child.
    let signal = signal.filter(|signal| !matches!(signal, Signal::SIGTRAP | Signal::SIGSTOP));
    match ptrace::syscall(thread, signal) {
        // It may have been ended by another thread meanwhile.
        Ok(()) | Err(Errno::ESRCH) => {}
        Err(error) => panic!("{error}"),
    }
}

fn look(thread: Pid, seen: &mut Seen) {
    let Ok(registers) = ptrace::getregset::<ptrace::regset::NT_PRSTATUS>(thread) else { return };
    #[cfg(target_arch = "x86_64")]
    let (call, path) = (registers.orig_rax, registers.rsi);
    #[cfg(target_arch = "aarch64")]
    let (call, path) = (registers.regs[8], registers.regs[1]);
    match libc::c_long::try_from(call).unwrap_or(-1) {
        libc::SYS_socket => seen.sockets += 1,
        libc::SYS_connect => seen.connects += 1,
        libc::SYS_sendto | libc::SYS_sendmsg | libc::SYS_sendmmsg => seen.sends += 1,
        libc::SYS_openat => {
            let path = text(thread, path);
            if RESOLVER.contains(&path.as_str()) {
                seen.resolver_files.insert(path);
            }
        }
        _ => {}
    }
}

/// The text at an address of the child, as far as it is short.
fn text(thread: Pid, mut address: u64) -> String {
    let mut text = Vec::new();
    while text.len() < 64 {
        let Ok(word) = ptrace::read(thread, address as ptrace::AddressType) else { break };
        let bytes = word.to_ne_bytes();
        match bytes.iter().position(|byte| *byte == 0) {
            Some(end) => {
                text.extend_from_slice(&bytes[..end]);
                break;
            }
            None => text.extend_from_slice(&bytes),
        }
        address += bytes.len() as u64;
    }
    String::from_utf8_lossy(&text).into_owned()
}
