//! The table: what is attempted after the drop, what happens before it, and what must come of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::thread;

use rustix::process::{self, Resource, Rlimit, Signal};

use super::place::{Before, Place};

pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Which layer answers, as the report names it: the row says nothing where the kernel lacks it.
    pub(crate) layer: &'static str,
    /// What is refused here works before the drop: the test runs it so, too.
    pub(crate) expected: Expected,
    pub(crate) meanwhile: fn(&Place),
    pub(crate) attempt: fn(&Place, &Before) -> io::Result<()>,
}

#[derive(Clone, Copy)]
pub(crate) enum Expected {
    Works,
    Refused,
}
use Expected::{Refused, Works};

const fn row(
    name: &'static str,
    layer: &'static str,
    expected: Expected,
    attempt: fn(&Place, &Before) -> io::Result<()>,
) -> Row {
    Row { name, layer, expected, meanwhile: |_| {}, attempt }
}

pub(crate) const ROWS: &[Row] = &[
    // What a backend needs.
    row("read a granted file", "landlock", Works, |place, _| place.holds("file/keys", "old")),
    Row {
        meanwhile: |place| place.replace("file/keys", "new"),
        ..row("read a granted file that was replaced", "landlock", Works, |place, _| {
            place.holds("file/keys", "new")
        })
    },
    Row {
        meanwhile: |place| place.turn("folder/..data", "second"),
        ..row("read below a link that kubelet has turned", "landlock", Works, |place, _| {
            place.holds("folder/key", "new")
        })
    },
    row("list a granted folder", "landlock", Works, |place, _| {
        fs::read_dir(place.path("folder")).map(|entries| assert_eq!(entries.count(), 5))
    }),
    row("make, replace and remove in a writable folder", "landlock", Works, |place, _| {
        fs::create_dir(place.path("store/new"))?;
        fs::write(place.path("store/new/a"), "a")?;
        fs::rename(place.path("store/new/a"), place.path("store/b"))?;
        symlink("b", place.path("store/link"))?;
        fs::hard_link(place.path("store/b"), place.path("store/c"))?;
        File::options().write(true).open(place.path("store/b"))?.set_len(0)?;
        fs::remove_file(place.path("store/b"))?;
        fs::remove_dir(place.path("store/new"))
    }),
    row("start a thread, which reads a granted file", "seccomp", Works, |place, _| {
        thread::scope(|scope| scope.spawn(|| place.holds("file/keys", "old")).join().unwrap())
    }),
    row("map an open file by its descriptor's path", "landlock", Works, |place, _| {
        use std::os::fd::AsRawFd as _;
        let file = File::open(place.path("file/keys"))?;
        File::open(format!("/proc/self/fd/{}", file.as_raw_fd())).map(drop)
    }),
    // Files.
    row("read a file that is not granted", "landlock", Refused, |place, _| {
        place.holds("outside/keys", "old")
    }),
    row("read it by a link in a granted folder", "landlock", Refused, |place, _| {
        place.holds("folder/outside", "old")
    }),
    row("read it by going up from a granted folder", "landlock", Refused, |place, _| {
        place.holds("folder/../outside/keys", "old")
    }),
    row("read it in a thread", "landlock", Refused, |place, _| {
        thread::scope(|scope| scope.spawn(|| place.holds("outside/keys", "old")).join().unwrap())
    }),
    row("list a folder that is not granted", "landlock", Refused, |_, _| fs::read_dir("/").map(drop)),
    row("read the system's users", "landlock", Refused, |_, _| fs::read("/etc/passwd").map(drop)),
    row("read the environment of this process", "landlock", Refused, |_, _| {
        fs::read("/proc/self/environ").map(drop)
    }),
    row("read the memory of the parent", "landlock", Refused, |_, before| {
        File::open(format!("/proc/{}/mem", before.parent.as_raw_pid())).map(drop)
    }),
    row("write to a file that may be read", "landlock", Refused, |place, _| {
        OpenOptions::new().write(true).open(place.path("file/keys")).map(drop)
    }),
    row("empty a file that may be read", "landlock", Refused, |place, _| {
        File::create(place.path("file/keys")).map(drop)
    }),
    row("remove a file that may be read", "landlock", Refused, |place, _| {
        fs::remove_file(place.path("file/keys"))
    }),
    row("make a file beside one that may be read", "landlock", Refused, |place, _| {
        File::create_new(place.path("file/new")).map(drop)
    }),
    row("make a file outside", "landlock", Refused, |place, _| {
        File::create_new(place.path("outside/new")).map(drop)
    }),
    row("carry a file out of a writable folder", "landlock", Refused, |place, _| {
        fs::write(place.path("store/a"), "a").unwrap();
        fs::rename(place.path("store/a"), place.path("outside/a"))
    }),
    row("link a file into a writable folder", "landlock", Refused, |place, _| {
        fs::hard_link(place.path("outside/keys"), place.path("store/keys"))
    }),
    row("change the mode of a file by its path", "seccomp", Refused, |place, _| {
        fs::set_permissions(place.path("store"), fs::Permissions::from_mode(0o777))
    }),
    // Programs and processes.
    row("become another program", "seccomp", Refused, |_, _| {
        Err(Command::new("/bin/echo").arg("done").exec())
    }),
    row("start a program", "seccomp", Refused, |_, _| Command::new("/bin/true").status().map(drop)),
    row("start a program in a thread", "seccomp", Refused, |_, _| {
        thread::spawn(|| Command::new("/bin/true").status().map(drop)).join().unwrap()
    }),
    row("signal another process", "seccomp", Refused, |_, before| {
        Ok(process::kill_process(before.parent, Signal::CONT)?)
    }),
    row("take hold of another process", "seccomp", Refused, |_, before| {
        Ok(process::pidfd_open(before.parent, process::PidfdFlags::empty()).map(drop)?)
    }),
    // Network.
    row("listen on TCP", "seccomp", Refused, |_, _| TcpListener::bind("127.0.0.1:0").map(drop)),
    row("connect by TCP", "seccomp", Refused, |_, before| {
        TcpStream::connect(before.listener.local_addr()?).map(drop)
    }),
    row("open a UDP socket", "seccomp", Refused, |_, _| UdpSocket::bind("127.0.0.1:0").map(drop)),
    row("open a pair of sockets", "seccomp", Refused, |_, _| UnixStream::pair().map(drop)),
    row("listen on a path", "seccomp", Refused, |place, _| {
        UnixListener::bind(place.path("store/socket")).map(drop)
    }),
    // Rights.
    row("find no way to new privileges", "no-new-privileges", Works, |_, before| {
        status(before, "NoNewPrivs:\t1\n")
    }),
    row("find the filter in force", "seccomp", Works, |_, before| status(before, "Seccomp:\t2\n")),
    row("be dumpable again", "seccomp", Refused, |_, _| {
        Ok(process::set_dumpable_behavior(process::DumpableBehavior::Dumpable)?)
    }),
    row("set the user, to the same", "seccomp", Refused, |_, _| {
        Ok(rustix::thread::set_thread_uid(process::getuid())?)
    }),
    row("set a limit", "seccomp", Refused, |_, _| {
        let limit = Rlimit { current: Some(1 << 20), maximum: Some(1 << 20) };
        Ok(process::setrlimit(Resource::Core, limit)?)
    }),
    row("open more files than are needed", "limits", Refused, |place, _| {
        let files: io::Result<Vec<File>> = (0..1000).map(|_| File::open(place.path("file/keys"))).collect();
        files.map(drop)
    }),
];

fn status(before: &Before, line: &str) -> io::Result<()> {
    let mut text = String::new();
    (&before.status).read_to_string(&mut text)?;
    assert!(text.contains(line), "{text}");
    Ok(())
}
