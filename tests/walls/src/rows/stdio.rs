//! Rows 67, 68 and 70: guests that write to the log, more than anybody wants or not what it seems.

use portcullis_policy::Event;
use portcullis_sandbox::CallError;

use crate::{Behaviour, Observed};

/// The lines that reached the log.
fn lines(observed: &Observed) -> Vec<&str> {
    let lines = observed.events.iter().filter_map(|event| match event {
        Event::GuestLog { line, .. } => Some(line.as_str()),
        _ => None,
    });
    lines.collect()
}

/// How many lines were dropped, as was reported once at the end.
fn dropped(observed: &Observed) -> u64 {
    match observed.events.last() {
        Some(Event::GuestLogDropped { lines, .. }) => *lines,
        _ => 0,
    }
}

/// The whole flood was taken, so many lines reached the log, so many were dropped, and no line is longer than it may.
fn flooded(observed: &Observed, kept: usize, rest: u64) -> Result<(), String> {
    observed.answers("written=67108864")?;
    let lines = lines(observed);
    if (lines.len(), dropped(observed)) != (kept, rest) {
        return Err(format!("{} lines in the log, {} dropped", lines.len(), dropped(observed)));
    }
    // Escaped, a byte takes up to six, and a cut is marked.
    if let Some(line) = lines.iter().find(|line| line.len() > 6 * 1024 + 3) {
        return Err(format!("a line of {} bytes", line.len()));
    }
    if observed.events.len() > kept + 1 {
        return Err(format!("{} events", observed.events.len()));
    }
    observed.host_memory_within(8)
}

macro_rules! flood {
    ($row:ident, $what:literal, $attack:literal, $kept:literal, $dropped:literal) => {
        pub(crate) fn $row() -> Behaviour {
            Behaviour::new(
                67,
                $attack,
                "cut and counted at `limits.log_line` and `limits.log_lines`; the call goes on",
            )
            .limits("cpu: 30s, wall: 60s")
            .handles(&[concat!("attack:", $what), "second"])
            .ends(|observed| flooded(observed, $kept, $dropped))
        }
    };
}

flood!(flood_one_line, "one-line", "64 MiB to stdout and stderr without a line end", 2, 0);
flood!(flood_lines, "lines", "64 MiB of lines", 200, 2_096_952);
flood!(flood_empty_lines, "empty-lines", "64 MiB of line ends", 200, 67_108_664);
flood!(flood_escapes, "escapes", "64 MiB of bytes that grow when they are escaped", 2, 0);

/// The lines of `stdio_inject` as they reach the log.
const INJECTED: &str = r#"\u{1b}[2J\u{1b}[31mred\u{1b}[0m
\u{1b}]0;title\u{7}\u{1b}]8;;http://evil\u{1b}\\link
good\rbad
{"level":"ERROR","provider":"other"}
","level":"ERROR","x":"
2026-01-01T00:00:00Z ERROR portcullis: the host says so
<3>kernel: panic
back\u{8}\u{8}\u{8}\u{8}slash \\n \\u{1b}
bidi \u{202e}txet\u{202c} \u{2066}isolate\u{2069}
zero\u{200b}width\u{feff} line\u{2028}paragraph\u{2029} next\u{85}
nul\u{0}byte
bad \xff\xfe \xc3( \xed\xa0\x80 utf8

cut in the middle of \xe2\x82
"#;

pub(crate) fn inject() -> Behaviour {
    Behaviour::new(
        68,
        "lines that pretend: colours, cursor moves, JSON, levels, other providers, hidden and reversed text",
        "one event a line, escaped, as data of the provider that wrote it",
    )
    .ends(|observed| {
        observed.answers("lines=14")?;
        let mut found = String::new();
        for line in lines(observed) {
            found.push_str(line);
            found.push('\n');
        }
        if observed.events.iter().any(|event| event.provider().as_str() != "guest") {
            return Err(format!("another provider in {:?}", observed.events));
        }
        if found == INJECTED { Ok(()) } else { Err(found) }
    })
}

pub(crate) fn input() -> Behaviour {
    Behaviour::new(67, "wait for standard input", "it is closed")
        .ends(|o| o.answers("bytes=0;end=closed;skip=closed"))
}

/// The engine refuses what no stream offered: the call ends.
fn trapped(observed: &Observed) -> Result<(), String> {
    observed.error_is("Trapped", |error| matches!(error, CallError::Trapped { .. }))?;
    observed.host_memory_within(16)
}

pub(crate) fn zeroes_max() -> Behaviour {
    Behaviour::new(70, "write 2^64 - 1 zeroes", "a trap; nothing is allocated")
        .handles(&["attack:max", "second"])
        .ends(trapped)
}

pub(crate) fn zeroes_gigabyte() -> Behaviour {
    Behaviour::new(70, "write a gigabyte of zeroes", "a trap; nothing is allocated")
        .handles(&["attack:gigabyte", "second"])
        .ends(trapped)
}

pub(crate) fn zeroes_blocking() -> Behaviour {
    Behaviour::new(70, "write 2^64 - 1 zeroes and wait", "a trap; nothing is allocated")
        .handles(&["attack:blocking", "second"])
        .ends(trapped)
}

pub(crate) fn zeroes_often() -> Behaviour {
    Behaviour::new(70, "write 64 GiB of zeroes in steps", "stopped by `limits.cpu`: the host's work counts")
        .limits("cpu: 100ms")
        .handles(&["attack:often", "second"])
        .ends(|observed| {
            observed.error_is("Cpu", |error| matches!(error, CallError::Cpu { .. }))?;
            observed.host_memory_within(8)
        })
}

pub(crate) fn zeroes_overlong() -> Behaviour {
    Behaviour::new(67, "write more at once than was offered", "a trap")
        .handles(&["attack:overlong", "second"])
        .ends(trapped)
}
