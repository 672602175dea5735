//! What was found in texts that were resolved before: hosts resolve the same text again and again, and reading it is most of
//! the work.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::document::{Document, Findings, Format};
use crate::scan_error::ScanError;

use super::origin::Origin;

/// How many bytes are kept at most: those of some 150,000 references. What comes later is read each time.
const MOST: usize = 64 << 20;

/// The last text of each configuration, as its fingerprint, and what was found in it. No text is kept, and no value.
#[derive(Default)]
pub(super) struct Scans {
    /// Of their own for each process: nobody can choose two texts that have one fingerprint.
    hashers: [RandomState; 2],
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    scans: HashMap<Arc<str>, Scan>,
    weight: usize,
}

struct Scan {
    print: Print,
    findings: Arc<Findings>,
    weight: usize,
}

type Print = [u64; 2];

impl Scans {
    /// The references of a text, as they are meant.
    pub(super) fn scan<'t>(&self, text: &'t [u8], origin: &Origin) -> Result<Document<'t>, ScanError> {
        let print = self.print(origin.shown(), text);
        if let Some(findings) = self.kept().find(&origin.name, print) {
            return Ok(Document::found(text, findings));
        }
        let document = Document::scan(origin.shown(), text, Format::Detect)?;
        // What a template means may be something else the next time.
        if !document.findings().has_templates() {
            self.kept().keep(&origin.name, print, document.findings());
        }
        Ok(document.expand(&origin.variables))
    }

    pub(super) fn forget(&self, origin: &str) {
        self.kept().forget(origin);
    }

    /// Of a text and its name, which says how it is read. Nothing is locked: a text may be long.
    fn print(&self, name: &str, text: &[u8]) -> Print {
        self.hashers.each_ref().map(|hasher| hasher.hash_one((name, text)))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&self, origin: &str, print: Print) -> Option<Arc<Findings>> {
        let scan = self.scans.get(origin).filter(|scan| scan.print == print)?;
        Some(Arc::clone(&scan.findings))
    }

    fn keep(&mut self, origin: &Arc<str>, print: Print, findings: &Arc<Findings>) {
        self.forget(origin);
        let weight = findings.weight().saturating_add(origin.len());
        let all = self.weight.saturating_add(weight);
        if all <= MOST {
            self.weight = all;
            self.scans.insert(Arc::clone(origin), Scan { print, findings: Arc::clone(findings), weight });
        }
    }

    fn forget(&mut self, origin: &str) {
        if let Some(scan) = self.scans.remove(origin) {
            self.weight = self.weight.saturating_sub(scan.weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Arc<Findings> {
        let document = Document::scan("test", text.as_bytes(), Format::Detect).unwrap();
        Arc::clone(document.findings())
    }

    #[test]
    fn only_the_same_text_of_the_same_name_is_known() {
        let (scans, mut kept) = (Scans::default(), Kept::default());
        let origin: Arc<str> = "one".into();
        let print = scans.print("one", b"a: ENC[x]");
        kept.keep(&origin, print, &found("a: ENC[x]"));
        assert!(kept.find("one", print).is_some() && kept.find("two", print).is_none());
        for (name, text) in
            [("one.json", "a: ENC[x]"), ("one", "a: ENC[y]"), ("one", "a: ENC[x]\n"), ("onea", ": ENC[x]")]
        {
            assert!(kept.find("one", scans.print(name, text.as_bytes())).is_none(), "{name} {text}");
        }
        kept.forget("one");
        assert!(kept.find("one", print).is_none());
        assert_eq!(kept.weight, 0);
    }

    #[test]
    fn no_more_is_kept_than_may_be() {
        let mut kept = Kept::default();
        let text: String = (0..10_000).map(|number| format!("k{number}: ENC[{number}]\n")).collect();
        let findings = found(&text);
        for number in 0..1_000 {
            kept.keep(&format!("origin{number}").into(), [number, 0], &findings);
            assert!(kept.weight <= MOST);
        }
        let count = kept.scans.len();
        assert!(count > 1 && count < 1_000, "{count}");
        assert_eq!(kept.weight, kept.scans.values().map(|scan| scan.weight).sum::<usize>());
        let first: Arc<str> = "origin0".into();
        kept.keep(&first, [7, 7], &found("a: b"));
        assert!(kept.find("origin0", [7, 7]).is_some(), "another text of a kept one");
        kept.keep(&"late".into(), [8, 8], &found("a: ENC[x]"));
        assert!(kept.find("late", [8, 8]).is_some(), "there is room again");
    }
}
