//! What a runner says to its daemon. A backend that broke its sandbox may speak in its place.

use std::path::Path;

use portcullis::{Builtins, Catalogue, Configuration, Fault, Handle, Plan, TrustedFiles};
use portcullis_agent::runner::Heard;
use portcullis_policy::{EscapedText, Event};
use secrecy::ExposeSecret as _;

/// Longer than any text that is believed, in bytes: 64 KiB, of which each may be escaped.
const LONGEST: usize = 8 * (64 << 10);
/// Frames up to this length have no text that is cut when it is written, in bytes.
const SHORT: usize = 4 << 10;

/// Any bytes, as what comes through the pipe:
///
/// * who blocks and who does not read the same, or refuse it in the same words, one line that has no value;
/// * what is believed is about providers that there are and the handles that were asked for, each once and in their order;
/// * its texts are short, and those that are logged have nothing that a terminal obeys;
/// * written again, it reads the same.
pub fn runner(data: &[u8]) {
    let catalogue = catalogue();
    let asked = ["a", "b"].map(Handle::new);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (mut blocking, mut waiting) = (data, data);
    loop {
        let heard = Heard::read(&mut blocking, &catalogue, &asked);
        let same = runtime.block_on(Heard::receive(&mut waiting, &catalogue, &asked));
        assert_eq!(format!("{heard:?}"), format!("{same:?}"));
        match heard {
            Ok(Some(heard)) => {
                assert_eq!(blocking, waiting, "both are at the same place");
                believed(&heard, &catalogue, &asked);
                again(heard, &catalogue, &asked);
            }
            Ok(None) => return assert!(blocking.is_empty()),
            Err(error) => {
                let words = error.to_string();
                assert!(!words.chars().any(char::is_control) && words.len() < 256, "{words:?}");
                return;
            }
        }
    }
}

/// Of two providers.
fn catalogue() -> Catalogue {
    let text = b"version: 1\nproviders:\n  a: { component: ./a.wasm }\n  b: { component: ./b.wasm }\n\
        routes:\n  - { prefix: a, to: a }\n  - { prefix: b, to: b }\n";
    let configuration = Configuration::parse("runner.yaml", text, Path::new(".")).expect("it is right");
    let plan = Plan::compile(configuration, None).expect("it is right");
    Catalogue::new(plan, TrustedFiles::strict(), Builtins::default())
}

fn believed(heard: &Heard, catalogue: &Catalogue, asked: &[Handle]) {
    match heard {
        Heard::Ready { faults, .. } => faults.iter().for_each(|fault| known(fault, catalogue)),
        Heard::Answer { resolutions, faults, .. } => {
            assert!(resolutions.iter().map(|resolution| &resolution.handle).eq(asked));
            let messages = resolutions.iter().filter_map(|resolution| resolution.outcome.as_ref().err());
            messages.for_each(|failure| assert!(failure.message.len() <= LONGEST / 8));
            faults.iter().for_each(|fault| known(fault, catalogue));
        }
        Heard::Event(event) => {
            assert!(catalogue.provider(event.provider().as_str()).is_some(), "{event:?}");
            texts(event).into_iter().for_each(harmless);
        }
    }
}

fn known(fault: &Fault, catalogue: &Catalogue) {
    assert!(catalogue.provider(fault.provider.as_str()).is_some(), "{fault:?}");
    harmless(&fault.message);
}

/// What of an event is logged.
fn texts(event: &Event) -> Vec<&str> {
    match event {
        Event::Denied { target, remedy, asked, .. } => {
            let asked = asked.iter().flat_map(|asked| {
                asked
                    .query
                    .iter()
                    .chain(&asked.headers)
                    .chain([&asked.method, &asked.url])
                    .map(String::as_str)
            });
            remedy.iter().chain([target]).map(EscapedText::as_str).chain(asked).collect()
        }
        Event::RequestFailed { destination, problem, .. } => vec![destination, problem.as_str()],
        Event::GuestLog { line, .. } => vec![line.as_str()],
        _ => Vec::new(),
    }
}

fn harmless(text: &str) {
    assert!(text.len() <= LONGEST, "{} bytes", text.len());
    let obeyed = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(obeyed), "{text:?}");
}

fn again(heard: Heard, catalogue: &Catalogue, asked: &[Handle]) {
    let (shown, values) = (format!("{heard:?}"), values(&heard));
    let written = heard.write().expect("a runner can say it");
    let read = Heard::read(&mut written.as_slice(), catalogue, asked);
    let read = read.ok().flatten().unwrap_or_else(|| panic!("{shown} is not read again"));
    if written.len() <= SHORT {
        assert_eq!(format!("{read:?}"), shown);
    }
    assert_eq!(self::values(&read), values, "{shown}");
}

/// Which are not shown otherwise.
fn values(heard: &Heard) -> Vec<Option<String>> {
    let Heard::Answer { resolutions, .. } = heard else { return Vec::new() };
    let value = |resolution: &portcullis_secrets::Resolution| {
        resolution.outcome.as_ref().ok().map(|secret| secret.value.expose_secret().to_owned())
    };
    resolutions.iter().map(value).collect()
}
