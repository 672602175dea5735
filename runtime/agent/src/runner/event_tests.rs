//! Events through the pipe: those of our runners arrive as they were, others in a form that harms nobody, or not at all.

use std::path::Path;

use portcullis::{Builtins, Configuration, Plan, TrustedFiles};

use super::super::message::{self, Said};
use super::*;

fn catalogue() -> Catalogue {
    let text = b"version: 1\nproviders:\n  a: { component: ./a.wasm }\n  b: { component: ./b.wasm }\n\
        routes:\n  - { prefix: 'a:', to: a }\n  - { prefix: 'b:', to: b }\n";
    let configuration = Configuration::parse("test.yaml", text, Path::new(".")).unwrap();
    Catalogue::new(Plan::compile(configuration, None).unwrap(), TrustedFiles::strict(), Builtins::default())
}

fn through(event: &Event, catalogue: &Catalogue) -> Event {
    let frame = message::write(&Said::Event(Happened::of(event).unwrap())).unwrap();
    let Said::Event(happened) = message::parse(&frame[4..]).unwrap() else { panic!("another message") };
    happened.event(catalogue).unwrap()
}

#[test]
fn every_event_arrives_as_it_was() {
    let catalogue = catalogue();
    let provider = || ProviderName::new("a").unwrap();
    let text = || EscapedText::new("back\\slash, line\nand \u{202e}more \u{1b}[0m", 99);
    let policy = catalogue.provider("a").unwrap().1.policy.id();
    let asked = AskedRequest {
        method: "GET".to_owned(),
        url: "https://store.example/v1/x".to_owned(),
        query: vec!["version".to_owned()],
        headers: vec!["x-namespace".to_owned()],
    };
    let reason = Reason::NetPath;
    for event in [
        Event::Loaded { provider: provider(), digest: Digest::of(b"component"), policy },
        Event::Denied {
            provider: provider(),
            reason,
            target: text(),
            remedy: Some(text()),
            asked: Some(asked),
        },
        Event::Denied { provider: provider(), reason, target: text(), remedy: None, asked: None },
        Event::DeniedAgain { provider: provider(), reason, count: u64::MAX },
        Event::RequestFailed {
            provider: provider(),
            destination: "store".to_owned(),
            reason: Some(Reason::NetDeadline),
            problem: text(),
        },
        Event::RequestFailed {
            provider: provider(),
            destination: "store".to_owned(),
            reason: None,
            problem: text(),
        },
        Event::LimitReached { provider: provider(), reason: Reason::WallDeadline, limit: "wall" },
        Event::GuestLog { provider: provider(), stream: GuestStream::Stderr, line: text() },
        Event::GuestLog { provider: provider(), stream: GuestStream::Stdout, line: text() },
        Event::GuestLogDropped { provider: provider(), lines: 7 },
    ] {
        assert_eq!(through(&event, &catalogue), event);
    }
    for reason in Reason::ALL {
        let event = Event::DeniedAgain { provider: provider(), reason: *reason, count: 1 };
        assert_eq!(through(&event, &catalogue), event);
    }
    for limit in LimitOverrides::KEYS {
        let event = Event::LimitReached { provider: provider(), reason: Reason::FsLimit, limit };
        assert_eq!(through(&event, &catalogue), event);
    }
}

#[test]
fn an_event_that_cannot_be_is_none() {
    let catalogue = catalogue();
    let text = |text: &str| text.to_owned();
    for happened in [
        Happened::GuestLogDropped { provider: text("c"), lines: 1 },
        Happened::GuestLogDropped { provider: text(""), lines: 1 },
        Happened::GuestLog { provider: text("a\n"), stderr: true, line: text("x") },
        Happened::Loaded { provider: text("a"), digest: text("sha256:00") },
        Happened::DeniedAgain { provider: text("a"), reason: text("net.nothing"), count: 1 },
        Happened::LimitReached { provider: text("a"), reason: text("wall.deadline"), limit: text("walls") },
        Happened::RequestFailed {
            provider: text("a"),
            destination: text("d"),
            reason: Some(text("")),
            problem: text("p"),
        },
    ] {
        assert_eq!(happened.clone().event(&catalogue), None, "{happened:?}");
    }
}

#[test]
fn texts_are_made_harmless() {
    let catalogue = catalogue();
    let line = |line: String| {
        let happened = Happened::GuestLog { provider: "a".to_owned(), stderr: true, line };
        match happened.event(&catalogue) {
            Some(Event::GuestLog { line, .. }) => line.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(line("a\nlevel=error \u{1b}[2J\u{202e}".to_owned()), r"a\nlevel=error \u{1b}[2J\u{202e}");
    assert_eq!(line(r"as \n it was".to_owned()), r"as \n it was");
    assert!(line("x".repeat(1 << 20)).len() <= MAX_TEXT + "…".len());

    // A request that no record can have is left out; what was denied is told all the same.
    let asked = |url: &str, keys: usize| AskedRequest {
        method: "GET".to_owned(),
        url: url.to_owned(),
        query: vec!["k".to_owned(); keys],
        headers: Vec::new(),
    };
    for (request, kept) in [
        (asked("https://a.example/", MAX_PARTS - 2), true),
        (asked("https://a.example/", MAX_PARTS - 1), false),
        (asked("https://a.example/\n", 0), false),
        (asked(&"u".repeat(MAX_TEXT + 1), 0), false),
    ] {
        let happened = Happened::Denied {
            provider: "a".to_owned(),
            reason: "net.path".to_owned(),
            target: "GET /".to_owned(),
            remedy: None,
            asked: Some(request.clone()),
        };
        let Some(Event::Denied { asked, .. }) = happened.event(&catalogue) else { panic!("{request:?}") };
        assert_eq!(asked.is_some(), kept, "{} bytes, {} keys", request.url.len(), request.query.len());
    }
}
