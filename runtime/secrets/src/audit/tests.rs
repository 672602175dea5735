//! The agent's table of the audit file, and a process that is killed between any two steps.

mod killed;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::file::{LineFile, LineFileOptions};
use super::record::{AuditEntry, AuditRecord};
use super::{is_likely_key, mask};
use crate::handle::Handle;
use crate::setting_path::SettingPath;

/// 2014-02-04T10:30:00Z, and so many seconds.
fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_391_509_800 + seconds)
}

fn record(seconds: u64, handle: &str) -> AuditRecord {
    AuditRecord { time: at(seconds), entries: vec![AuditEntry { handle: Handle::new(handle), masked: None }] }
}

fn line(seconds: u64, handle: &str) -> String {
    format!("{{\"time\":\"2014-02-04T10:30:{seconds:02}Z\",\"data\":[{{\"handle\":\"{handle}\"}}]}}\n")
}

fn options(folder: &Path) -> LineFileOptions {
    LineFileOptions::new(folder, "records", "ndjson")
}

struct Row {
    name: &'static str,
    /// The files at first.
    before: &'static [(&'static str, &'static str)],
    max_size: u64,
    retention: u64,
    /// When which handle is added.
    added: &'static [(u64, &'static str)],
    after: Vec<(&'static str, String)>,
}

fn size(lines: &str) -> u64 {
    u64::try_from(lines.len()).unwrap()
}

const OLD: &str = concat!(
    "{\"time\":\"2014-02-04T10:30:00Z\",\"data\":[{\"handle\":\"a\"}]}\n",
    "{\"time\":\"2014-02-04T10:30:10Z\",\"more\":[1],\"data\":[{\"handle\":\"b\",\"x\":null}]}\n",
);

#[test]
fn the_agents_table() {
    let row = Row {
        name: "",
        before: &[],
        max_size: 1 << 20,
        retention: 1 << 20,
        added: &[(30, "new")],
        after: Vec::new(),
    };
    let rows = [
        Row {
            name: "new file",
            added: &[(0, "apple"), (10, "banana")],
            after: vec![("records.ndjson", line(0, "apple") + &line(10, "banana"))],
            ..row
        },
        Row {
            name: "what is there stays as it is",
            before: &[("records.ndjson", OLD)],
            after: vec![("records.ndjson", OLD.to_owned() + &line(30, "new"))],
            ..row
        },
        // The agent's table has the lines of 20 s and 30 s only, and no clock explains that: it reads the line of 10 s, finds
        // that it is to stay, and then copies what comes after it. Here a line of 20 s stays where 25 s are kept.
        Row {
            name: "old lines go",
            added: &[(0, "a"), (10, "b"), (20, "c"), (30, "d")],
            retention: 25,
            after: vec![("records.ndjson", line(10, "b") + &line(20, "c") + &line(30, "d"))],
            ..row
        },
        Row {
            name: "a line as old as that stays",
            added: &[(0, "a"), (25, "b")],
            retention: 25,
            after: vec![("records.ndjson", line(0, "a") + &line(25, "b"))],
            ..row
        },
        Row {
            name: "a second later it goes",
            added: &[(0, "a"), (26, "b")],
            retention: 25,
            after: vec![("records.ndjson", line(26, "b"))],
            ..row
        },
        Row {
            name: "with them what is no line",
            before: &[(
                "records.ndjson",
                "{\"time\":\"2014-02-04T10:30:00Z\"}\nnot json\n{\"data\":[]}\n{\"time\":\"2014-02-04T10:30:20Z\"}\nrest\n",
            )],
            retention: 25,
            after: vec![(
                "records.ndjson",
                "{\"time\":\"2014-02-04T10:30:20Z\"}\nrest\n".to_owned() + &line(30, "new"),
            )],
            ..row
        },
        Row {
            name: "all of them",
            added: &[(0, "a"), (40, "b")],
            retention: 25,
            after: vec![("records.ndjson", line(40, "b"))],
            ..row
        },
        Row {
            name: "a large file is put aside",
            added: &[(0, "apple"), (10, "banana"), (20, "cherry")],
            max_size: 150,
            after: vec![
                ("records.000000.ndjson", line(0, "apple") + &line(10, "banana")),
                ("records.ndjson", line(20, "cherry")),
            ],
            ..row
        },
        Row {
            name: "a file as large as that is not",
            added: &[(0, "apple"), (10, "banana")],
            max_size: size(&(line(0, "apple") + &line(10, "banana"))),
            after: vec![("records.ndjson", line(0, "apple") + &line(10, "banana"))],
            ..row
        },
        Row {
            name: "with a byte more it is",
            added: &[(0, "apple"), (10, "banana")],
            max_size: size(&(line(0, "apple") + &line(10, "banana"))) - 1,
            after: vec![("records.000000.ndjson", line(0, "apple")), ("records.ndjson", line(10, "banana"))],
            ..row
        },
        Row {
            name: "a file that shrinks is not",
            added: &[(0, "apple"), (10, "banana"), (30, "cherry")],
            max_size: size(&(line(10, "banana") + &line(30, "cherry"))),
            retention: 25,
            after: vec![("records.ndjson", line(10, "banana") + &line(30, "cherry"))],
            ..row
        },
        Row {
            name: "numbers go on, and other names are not numbers",
            before: &[
                ("records.000000.ndjson", "0"),
                ("records.000002.ndjson", "2"),
                ("xrecords.000007.ndjson", "x"),
                ("records.000007.ndjson.bak", "y"),
            ],
            added: &[(0, "apple"), (10, "banana")],
            max_size: 1,
            after: vec![
                ("records.000000.ndjson", "0".to_owned()),
                ("records.000002.ndjson", "2".to_owned()),
                ("records.000003.ndjson", line(0, "apple")),
                ("records.000007.ndjson.bak", "y".to_owned()),
                ("records.ndjson", line(10, "banana")),
                ("xrecords.000007.ndjson", "x".to_owned()),
            ],
            ..row
        },
        Row {
            name: "with all numbers used the file grows",
            before: &[("records.999999.ndjson", "9")],
            added: &[(0, "apple"), (10, "banana")],
            max_size: 1,
            after: vec![
                ("records.999999.ndjson", "9".to_owned()),
                ("records.ndjson", line(0, "apple") + &line(10, "banana")),
            ],
            ..row
        },
        Row {
            name: "a line that was cut off goes",
            before: &[("records.ndjson", "{\"time\":\"2014-02-04T10:30:00Z\"}\n{\"time\":\"2014-0")],
            after: vec![(
                "records.ndjson",
                "{\"time\":\"2014-02-04T10:30:00Z\"}\n".to_owned() + &line(30, "new"),
            )],
            ..row
        },
        Row {
            name: "also if it is the only one",
            before: &[
                ("records.ndjson", "{\"ti"),
                ("records.ndjson.tmp", "left by a process that was killed"),
            ],
            after: vec![
                ("records.ndjson", line(30, "new")),
                ("records.ndjson.tmp", "left by a process that was killed".to_owned()),
            ],
            ..row
        },
    ];
    for row in rows {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in row.before {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut file = LineFile::new(LineFileOptions {
            max_size: row.max_size,
            retention: Duration::from_secs(row.retention),
            ..options(folder.path())
        });
        for (seconds, handle) in row.added {
            file.append(at(*seconds), &record(*seconds, handle).line()).unwrap();
        }
        assert_eq!(files(folder.path()), row.after.into_iter().map(own).collect::<Vec<_>>(), "{}", row.name);
    }
}

fn own((name, text): (&str, String)) -> (String, String) {
    (name.to_owned(), text)
}

/// Names and contents of a folder's files, sorted.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort_unstable();
    files
}

#[test]
fn files_put_aside_go_when_they_are_old() {
    let folder = tempfile::tempdir().unwrap();
    for (name, seconds) in
        [("records.000001.ndjson", 4), ("records.000002.ndjson", 5), ("other.000001.ndjson", 0)]
    {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_modified(at(seconds)).unwrap();
    }
    let mut file =
        LineFile::new(LineFileOptions { retention: Duration::from_secs(25), ..options(folder.path()) });
    file.append(at(30), &record(30, "a").line()).unwrap();
    let names: Vec<String> = files(folder.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["other.000001.ndjson", "records.000002.ndjson", "records.ndjson"]);
}

#[test]
fn texts_are_escaped_as_the_agent_escapes_them() {
    for (text, escaped) in [
        ("a&b", r"a\u0026b"),
        ("a<b", r"a\u003cb"),
        ("a>b", r"a\u003eb"),
        ("a\u{2028}b", r"a\u2028b"),
        ("a\u{2029}b", r"a\u2029b"),
        // Beside them, and what looks like one of them.
        ("a\u{2027}\u{202a}b", "a\u{2027}\u{202a}b"),
        ("=;?%'/", "=;?%'/"),
        (r"\u0026", r"\\u0026"),
        ("\"\n\t\u{1}", r#"\"\n\t\u0001"#),
        ("ä😀", "ä😀"),
    ] {
        let entries = vec![AuditEntry { handle: Handle::new(text), masked: Some(text.to_owned()) }];
        let line = String::from_utf8(AuditRecord { time: at(0), entries }.line()).unwrap();
        let data = format!("[{{\"handle\":\"{escaped}\",\"value\":\"{escaped}\"}}]");
        assert_eq!(line, format!("{{\"time\":\"2014-02-04T10:30:00Z\",\"data\":{data}}}\n"), "{text:?}");
    }
}

#[test]
fn modes_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.ndjson");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    let mut file =
        LineFile::new(LineFileOptions { retention: Duration::from_secs(25), ..options(folder.path()) });
    file.append(at(0), &record(0, "a").line()).unwrap();
    assert_eq!(mode() & !0o640, 0, "no more than 0640: {:o}", mode());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    file.append(at(30), &record(30, "b").line()).unwrap();
    assert_eq!((files(folder.path()).pop().unwrap().1, mode()), (line(30, "b"), 0o640), "pruned");
}

#[test]
fn only_keys_are_shown() {
    let hex =
        |length: usize| "0123456789abcdefABCDEF0123456789abcdefABCDEF".get(..length).unwrap().to_owned();
    for (value, path, likely) in [
        (hex(32), "instances/0/apiKey", true),
        (hex(40), "app_key", true),
        (hex(40), "APP_KEY", true),
        (hex(29), "api_key", false),
        (hex(36), "api_key", false),
        (hex(32).replace('0', "g"), "api_key", false),
        (hex(32), "password", false),
        (hex(32), "key/0", false),
        (hex(32), "", false),
    ] {
        let places =
            [("other".into(), SettingPath::new(["x"])), ("test".into(), SettingPath::new(path.split('/')))];
        assert_eq!(is_likely_key(&value, &places), likely, "{value} at {path}");
    }
}

#[test]
fn the_longer_a_value_the_more_of_its_end_is_shown() {
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";
    for (length, shown) in
        [(5, "e"), (7, "g"), (8, "gh"), (15, "no"), (16, "nop"), (31, "234"), (32, "2345"), (40, "ABCD")]
    {
        let masked = "*".repeat(length - shown.len()) + shown;
        assert_eq!(mask(letters.get(..length).unwrap()), masked, "{length}");
    }
    for hidden in ["", "a", "abcd"] {
        assert_eq!(mask(hidden), "********", "not even how short it is");
    }
    assert_eq!(mask("äöüäö"), "****ö");
}
