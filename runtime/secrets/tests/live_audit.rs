//! The audit file of a host that lives: what a refresh leaves in it, for how long, and who may read it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use common::store::Store;
use portcullis_secrets::{
    AuditEntry, AuditFile, AuditRecord, AuditSink as _, Handle, Live, ManualClock, Origin, Settings,
};

/// 2014-02-04T10:30:00Z.
fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_391_509_800)
}

/// Names and contents of a folder's files, sorted.
fn files(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
    });
    let mut files: Vec<_> = files.collect();
    files.sort_unstable();
    files
}

/// The lines of two refreshes of which each changes the handle `h`, so much time apart.
async fn two_refreshes(folder: &Path, settings: &Settings, apart: Duration) {
    let store = Store::new([("h", "1")]);
    let clock = ManualClock::new(start());
    let audit = Arc::new(AuditFile::new(folder, settings));
    let live = Live::builder(store.clone()).clock(Arc::new(clock.clone())).audit(audit).build().unwrap();
    live.resolve(b"- ENC[h]\n", &Origin::new("test")).await.unwrap();
    store.set("h", "2");
    live.refresh_now().await.unwrap();
    clock.advance(apart);
    store.set("h", "3");
    live.refresh_now().await.unwrap();
}

const FIRST: &str = "{\"time\":\"2014-02-04T10:30:00Z\",\"data\":[{\"handle\":\"h\"}]}\n";
const SECOND: &str = "{\"time\":\"2014-02-04T10:30:10Z\",\"data\":[{\"handle\":\"h\"}]}\n";

#[tokio::test]
async fn the_file_is_put_aside_beyond_its_size() {
    let both = u64::try_from(FIRST.len() + SECOND.len()).unwrap();
    let apart = [("secret-audit-file.000000.json", FIRST), ("secret-audit-file.json", SECOND)];
    let together = [("secret-audit-file.json", &*format!("{FIRST}{SECOND}"))];
    for (audit_file_max_size, after) in [
        (1, &apart[..]),
        (both - 1, &apart),
        (both, &together),
        (Settings::default().audit_file_max_size, &together),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { audit_file_max_size, ..Settings::default() };
        two_refreshes(folder.path(), &settings, Duration::from_secs(10)).await;
        let after: Vec<_> =
            after.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(files(folder.path()), after, "{audit_file_max_size}");
    }
}

#[tokio::test]
async fn lines_and_files_put_aside_are_kept_for_ninety_days() {
    const DAYS: Duration = Duration::from_hours(90 * 24);
    const SECOND: Duration = Duration::from_secs(1);
    for (age, stays) in [(DAYS - SECOND, true), (DAYS, true), (DAYS + SECOND, false)] {
        let folder = tempfile::tempdir().unwrap();
        let aside = std::fs::File::create(folder.path().join("secret-audit-file.000004.json")).unwrap();
        aside.set_modified(start()).unwrap();
        two_refreshes(folder.path(), &Settings::default(), age).await;
        let left = files(folder.path());
        assert_eq!(left.len(), if stays { 2 } else { 1 }, "a file put aside, {age:?} ago: {left:?}");
        let (name, lines) = left.last().unwrap();
        assert_eq!(
            (name.as_str(), lines.starts_with(FIRST)),
            ("secret-audit-file.json", stays),
            "{age:?} ago"
        );
        assert_eq!(lines.lines().count(), if stays { 2 } else { 1 }, "{age:?} ago: {lines}");
    }
}

/// Says to this test that it is the child, and to which folder it writes.
const FOLDER: &str = "PORTCULLIS_TEST_AUDIT_FOLDER";

/// A umask belongs to a process, so each row is one: this test again, with the other role.
#[test]
fn the_group_may_read_the_file_unless_the_umask_says_no() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let settings = Settings { audit_file_max_size: 1, ..Settings::default() };
        let file = AuditFile::new(Path::new(&folder), &settings);
        let entries = vec![AuditEntry { handle: Handle::new("h"), masked: None }];
        for _ in 0..2 {
            file.append(&AuditRecord { time: start(), entries: entries.clone() }).unwrap();
        }
        return;
    }
    for (umask, mode) in [("000", 0o640), ("022", 0o640), ("027", 0o640), ("047", 0o600), ("077", 0o600)] {
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new("sh")
            .args(["-c", "umask \"$0\" && exec \"$@\"", umask])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "the_group_may_read_the_file_unless_the_umask_says_no"])
            .env(FOLDER, folder.path())
            .output()
            .unwrap();
        assert!(child.status.success(), "{umask}: {child:?}");
        for name in ["secret-audit-file.000000.json", "secret-audit-file.json"] {
            let found = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(found & 0o7777, mode, "{name} under umask {umask}: {found:o}");
        }
    }
}

#[tokio::test]
async fn the_audit_file_gets_a_line_for_each_refresh_that_changed_something() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret-audit-file.json");
    let key = "0123456789abcdef0123456789ABCDEF";
    let application_key = "0123456789abcdef0123456789abcdef01234567";
    let store = Store::new([("a<b>", "1"), ("key", "1"), ("app", "1"), ("hex", "1")]);
    let clock = ManualClock::new(start());
    let live = Live::builder(store.clone())
        .clock(Arc::new(clock.clone()))
        .audit(Arc::new(AuditFile::new(folder.path(), &Settings::default())))
        .build()
        .unwrap();
    live.resolve(b"x: ENC[a<b>]\nmyApiKey: ENC[key]\napp_key: ENC[app]\ny: ENC[hex]\n", &Origin::new("test"))
        .await
        .unwrap();
    live.refresh_now().await.unwrap();
    assert!(!file.exists(), "nothing changed");
    store.set("key", key);
    live.refresh_now().await.unwrap();
    let first = r#"{"time":"2014-02-04T10:30:00Z","data":[{"handle":"a\u003cb\u003e"},{"handle":"app"},{"handle":"hex"},{"handle":"key","value":"****************************CDEF"}]}"#;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{first}\n"));
    clock.advance(Duration::from_millis(1_500));
    store.set("app", application_key);
    store.set("hex", application_key);
    live.refresh_now().await.unwrap();
    let second = r#"{"time":"2014-02-04T10:30:01.5Z","data":[{"handle":"a\u003cb\u003e"},{"handle":"app","value":"************************************4567"},{"handle":"hex"},{"handle":"key","value":"****************************CDEF"}]}"#;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{first}\n{second}\n"));
}
