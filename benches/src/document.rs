//! Finding and replacing the references of a document of 10 MB.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use portcullis_secrets::{Document, Format, Handle};
use secrecy::SecretString;

use crate::Effort;
use crate::report::Report;
use crate::samples::Samples;

const GROUP: &str = "document";

/// Length of the document, in bytes.
const LENGTH: u32 = 10_000_000;

/// References in the document, spread evenly.
const REFERENCES: [usize; 3] = [0, 10, 10_000];

const RUNS: usize = 30;

/// A kind of document: how it begins, continues and ends.
struct Kind {
    name: &'static str,
    format: Format,
    begin: &'static str,
    entry: fn(&mut String, usize, &str),
    end: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind { name: "YAML", format: Format::Yaml, begin: "instances:\n", entry: yaml, end: "" },
    Kind { name: "JSON", format: Format::Json, begin: "{\"instances\":[\n{}", entry: json, end: "\n]}\n" },
];

pub(crate) fn measure(effort: Effort, report: &mut Report) -> anyhow::Result<()> {
    for kind in &KINDS {
        for references in REFERENCES {
            let text = text(kind, references);
            let values = values(references);
            let [mut scan, mut splice] = [(); 2].map(|()| Samples::default());
            for _ in 0..effort.repeat(RUNS) {
                scan.time(|| Ok(Document::scan("bench", text.as_bytes(), kind.format)?))?;
                let document = Document::scan("bench", text.as_bytes(), kind.format)?;
                anyhow::ensure!(document.handles().len() == references, "found {document:?}");
                splice.time(|| Ok(document.splice(&values)))?;
            }
            let bytes = u32::try_from(text.len())?;
            let name = format!("{}, {references} handles", kind.name);
            report.throughput(GROUP, format!("{name}: scan"), &scan.summary(1), bytes);
            report.throughput(GROUP, format!("{name}: splice"), &splice.summary(1), bytes);
        }
    }
    Ok(())
}

/// A document of the kind, with so many references.
fn text(kind: &Kind, references: usize) -> String {
    let length = usize::try_from(LENGTH).unwrap_or(usize::MAX);
    let mut text = String::with_capacity(length + 1024);
    text.push_str(kind.begin);
    let mut number = 0;
    let mut placed = 0;
    while text.len() < length || placed < references {
        // The next reference is due when its share of the text is written.
        if placed < references && text.len() >= length / references * placed {
            (kind.entry)(&mut text, number, &format!("ENC[{}]", handle(placed)));
            placed += 1;
        } else {
            (kind.entry)(&mut text, number, "plain text, as most values are");
        }
        number += 1;
    }
    text.push_str(kind.end);
    text
}

fn yaml(text: &mut String, number: usize, password: &str) {
    let _ = write!(
        text,
        "  # the database of team {number}\n  - host: db-{number}.example.internal\n    port: 5432\n    \
         password: {password}\n    tags: [env:production, \"team:{number}\"]\n    options:\n      tls: true\n      \
         query: 'select count(*) from jobs where state = ''late'''\n"
    );
}

fn json(text: &mut String, number: usize, password: &str) {
    let _ = write!(
        text,
        ",\n  {{\"host\": \"db-{number}.example.internal\", \"port\": 5432, \"password\": \"{password}\",\n   \
         \"tags\": [\"env:production\", \"team:{number}\"],\n   \"options\": {{\"tls\": true, \"query\": \
         \"select count(*) from jobs where state = 'late'\"}}}}"
    );
}

fn handle(number: usize) -> String {
    format!("production/db/{number}")
}

fn values(references: usize) -> BTreeMap<Handle, SecretString> {
    (0..references).map(|number| (Handle::new(handle(number)), format!("pa\"ss: {number}").into())).collect()
}
