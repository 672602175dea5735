//! What a guest can reach through a grant, row by row, on a real disk.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking, and so do its helpers"
)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use portcullis_policy::{Grants, Mount, Policy, Profile, ProviderName};
use tempfile::TempDir;

use super::beneath::How;
use super::bindings::wasi::filesystem::types::{ErrorCode, OpenFlags};
use super::budget::Budget;
use super::descriptor::Descriptor;
use super::{mount, stream};

/// The content behind a path, or the WASI code and the reason code of the refusal.
type Read = Result<&'static str, (ErrorCode, Option<&'static str>)>;

/// Opening for reading, links followed.
fn reading() -> How {
    How { follow: true, write: false, flags: OpenFlags::empty() }
}

/// Grants of `grants` (host path below the folder, `read` or `write`), opened as for one batch.
fn opened(root: &Path, grants: &[(&str, portcullis_policy::FileAccess)]) -> (Vec<mount::Preopen>, Policy) {
    let mounts: Vec<Mount> = grants
        .iter()
        .map(|(path, access)| Mount::new(root.join(path), format!("/{path}"), *access).unwrap())
        .collect();
    let name = ProviderName::new("test").unwrap();
    let grants = Grants::derived_files(mounts, Vec::new());
    let policy = Policy::compile(name, Profile::Custom, grants, None).unwrap();
    (mount::open(policy.decide_mounts()), policy)
}

/// A folder with everything that a guest may try.
fn tree() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let at = |path: &str| root.path().join(path);
    for folder in ["in/sub", "in/..2024", "out"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    fs::write(at("in/file"), "inside").unwrap();
    fs::write(at("in/sub/deep"), "deep").unwrap();
    fs::write(at("in/..2024/password"), "kubelet").unwrap();
    fs::write(at("out/secret"), "outside").unwrap();
    symlink("..2024", at("in/..data")).unwrap();
    symlink("..data/password", at("in/password")).unwrap();
    symlink("../out/secret", at("in/leaves")).unwrap();
    symlink(at("out/secret"), at("in/absolute")).unwrap();
    symlink("loop-b", at("in/loop-a")).unwrap();
    symlink("loop-a", at("in/loop-b")).unwrap();
    symlink("nowhere", at("in/dangling")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        at("in/fifo"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    std::os::unix::net::UnixListener::bind(at("in/socket")).unwrap();
    root
}

/// The content behind a path, or the WASI code and the reason code of the refusal.
fn read(folder: &Descriptor, path: &str, how: How) -> Result<String, (ErrorCode, Option<&'static str>)> {
    let limits = opened(Path::new("/nonexistent"), &[]).1.limits().clone();
    let budget = Budget::new(&limits);
    let content = folder.open(Path::new(path), how, &budget).and_then(|descriptor| {
        let file = descriptor.file()?.clone();
        stream::read(&file, &budget, 1 << 20, 0)
    });
    match content {
        Ok(bytes) => Ok(String::from_utf8(bytes).unwrap()),
        Err(refusal) => {
            let reason = refusal.reason().map(portcullis_policy::Reason::code);
            Err((refusal.into_code().unwrap(), reason))
        }
    }
}

#[test]
fn a_folder_grant_reaches_what_is_in_it_and_nothing_else() {
    use portcullis_policy::FileAccess;
    let root = tree();
    let (preopens, _) = opened(root.path(), &[("in", FileAccess::Read)]);
    let [(folder, guest)] = preopens.as_slice() else { panic!("{preopens:?}") };
    assert_eq!(guest, "/in");
    let outside = Err((ErrorCode::NotPermitted, Some("fs.outside")));
    let special = Err((ErrorCode::NotPermitted, Some("fs.special_file")));
    let rows: [(&str, Read); 17] = [
        ("file", Ok("inside")),
        ("./file", Ok("inside")),
        ("sub/../file", Ok("inside")),
        ("sub/deep", Ok("deep")),
        ("password", Ok("kubelet")),
        ("..data/password", Ok("kubelet")),
        ("leaves", outside),
        ("absolute", outside),
        ("../out/secret", outside),
        ("/etc/passwd", outside),
        ("..", outside),
        ("none", Err((ErrorCode::NoEntry, None))),
        ("dangling", Err((ErrorCode::NoEntry, None))),
        ("loop-a", Err((ErrorCode::Loop, None))),
        ("file/below", Err((ErrorCode::NotDirectory, None))),
        ("fifo", special),
        ("socket", special),
    ];
    for (path, expected) in rows {
        assert_eq!(read(folder, path, reading()), expected.map(str::to_owned), "{path}");
    }
    assert_eq!(
        read(folder, "sub", reading()),
        Err((ErrorCode::IsDirectory, None)),
        "a folder is opened, not read"
    );
    let no_follow = How { follow: false, ..reading() };
    assert_eq!(read(folder, "password", no_follow), Err((ErrorCode::Loop, None)));
    assert_eq!(read(folder, "a\0b", reading()), Err((ErrorCode::Invalid, None)));
}

#[test]
fn a_file_grant_shows_one_name_and_follows_a_replacement() {
    use portcullis_policy::FileAccess;
    let root = tree();
    let (preopens, _) =
        opened(root.path(), &[("in/file", FileAccess::Read), ("in/password", FileAccess::Read)]);
    let [(portal, guest)] = preopens.as_slice() else { panic!("one folder for both: {preopens:?}") };
    assert_eq!(guest, "/in");
    assert_eq!(read(portal, "file", reading()), Ok("inside".to_owned()));
    assert_eq!(read(portal, "password", reading()), Ok("kubelet".to_owned()));
    for beside in ["leaves", "sub/deep", "none", "..2024/password"] {
        assert_eq!(read(portal, beside, reading()), Err((ErrorCode::NoEntry, None)), "{beside}");
    }
    for above in ["..", "../out/secret", "/etc/passwd"] {
        assert_eq!(
            read(portal, above, reading()),
            Err((ErrorCode::NotPermitted, Some("fs.outside"))),
            "{above}"
        );
    }

    fs::write(root.path().join("in/new"), "replaced").unwrap();
    fs::rename(root.path().join("in/new"), root.path().join("in/file")).unwrap();
    let (again, _) = opened(root.path(), &[("in/file", FileAccess::Read)]);
    assert_eq!(read(&again[0].0, "file", reading()), Ok("replaced".to_owned()));
}

#[test]
fn a_read_grant_changes_nothing_and_a_write_grant_only_inside() {
    use portcullis_policy::FileAccess;
    let root = tree();
    let ways = [
        How { write: true, ..reading() },
        How { flags: OpenFlags::CREATE, ..reading() },
        How { flags: OpenFlags::TRUNCATE, ..reading() },
        How { write: true, flags: OpenFlags::CREATE | OpenFlags::EXCLUSIVE, ..reading() },
    ];
    let (read_only, _) = opened(root.path(), &[("in", FileAccess::Read)]);
    for how in ways {
        for path in ["file", "new"] {
            let refused = read(&read_only[0].0, path, how);
            assert_eq!(refused, Err((ErrorCode::ReadOnly, Some("fs.readonly"))), "{path} {how:?}");
        }
    }
    assert_eq!(fs::read_to_string(root.path().join("in/file")).unwrap(), "inside");
    assert!(!root.path().join("in/new").exists());

    let (writable, _) = opened(root.path(), &[("in", FileAccess::Write)]);
    let create = How { write: true, flags: OpenFlags::CREATE, ..reading() };
    assert_eq!(read(&writable[0].0, "new", create), Ok(String::new()));
    assert!(root.path().join("in/new").exists());
    for path in ["../out/new", "leaves", "/tmp/x"] {
        assert_eq!(
            read(&writable[0].0, path, create),
            Err((ErrorCode::NotPermitted, Some("fs.outside"))),
            "{path}"
        );
    }
    assert!(!root.path().join("out/new").exists());
}

#[test]
fn what_is_not_there_is_no_error_until_it_is_opened() {
    use portcullis_policy::FileAccess;
    let root = tree();
    let (preopens, _) = opened(root.path(), &[("missing/file", FileAccess::Read)]);
    for (descriptor, _) in &preopens {
        assert_eq!(read(descriptor, "file", reading()), Err((ErrorCode::NoEntry, None)));
    }
}

#[test]
fn bytes_and_entries_are_counted_for_the_whole_call() {
    let (_, policy) = opened(Path::new("/nonexistent"), &[]);
    let limits = policy.limits();
    let budget = Budget::new(limits);
    let all = limits.file_bytes.value().get();
    assert_eq!(budget.readable(u64::MAX).unwrap(), all);
    budget.take_bytes(usize::try_from(all).unwrap() - 1).unwrap();
    assert_eq!(budget.readable(100).unwrap(), 1);
    budget.take_bytes(1).unwrap();
    assert_eq!(budget.readable(1).unwrap_err().reason(), Some(portcullis_policy::Reason::FsLimit));
    for _ in 0..limits.entries.value() {
        budget.take_entry().unwrap();
    }
    assert!(budget.take_entry().is_err());
}
