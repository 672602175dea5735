//! `portcullis artefacts`: the folder is listed, checked and cleared up.

use std::fs;
use std::path::Path;

use crate::compile::Place;
use crate::support::{Portcullis, set_mode};

/// The digest in an artefact's name.
fn digest(name: &str) -> &str {
    name.split_once('-').unwrap().0
}

/// A folder with one good artefact, one damaged, one of another version, one unfinished, and a note of somebody's.
fn mixed() -> (Place, [String; 5]) {
    let place = Place::new();
    place.run(&["compile", "a.wasm"]).run().expect(0);
    let good = place.kept().remove(0);
    let bytes = fs::read(format!("{}/{good}", place.artefacts)).unwrap();
    let mut damaged = bytes.clone();
    damaged[100] ^= 1;
    let mut old = bytes.clone();
    let engine = bytes.len() - 72..bytes.len() - 64;
    old[engine].copy_from_slice(&0x42_u64.to_le_bytes());
    let bad = format!("{}-{}", "0".repeat(64), good.split_once('-').unwrap().1);
    let stale = format!("{}-0000000000000042.cwasm", digest(&good));
    let unfinished = format!("{good}.1-0-00.tmp");
    let rows: [(&str, &[u8]); 4] =
        [(&bad, &damaged), (&stale, &old), (&unfinished, b"half"), ("note.txt", b"mine")];
    for (name, bytes) in rows {
        let path = format!("{}/{name}", place.artefacts);
        fs::write(&path, bytes).unwrap();
        set_mode(Path::new(&path), 0o600);
    }
    (place, [good, bad, stale, unfinished, "note.txt".to_owned()])
}

#[test]
fn everything_is_listed() {
    let (place, [good, bad, stale, unfinished, note]) = mixed();
    let run = place.run(&["artefacts", "list"]).run().expect(0);
    let lines: Vec<&str> = run.text().lines().collect();
    let row = |name: &str| {
        let called =
            if name.ends_with(".cwasm") { format!("sha256:{}", digest(name)) } else { name.to_owned() };
        lines.iter().filter(|line| line.starts_with(&called)).copied().collect::<Vec<_>>().join("\n")
    };
    assert_eq!(lines.len(), 5, "{run:?}");
    assert!(row(&good).contains("  current ") && row(&stale).contains("  stale "), "{run:?}");
    // Its name is all that a list reads.
    assert!(row(&bad).contains("  current "), "{run:?}");
    assert!(row(&unfinished).contains("  unfinished ") && row(&note).contains("  foreign "), "{run:?}");
    assert!(lines.iter().all(|line| line.ends_with("s old")), "{run:?}");
    let shown = place.run(&["artefacts", "list", "--json"]).run().expect(0).json();
    assert_eq!(shown["folder"], place.artefacts.as_str());
    let file = shown["files"].as_array().unwrap().iter().find(|file| file["name"] == good.as_str()).unwrap();
    assert_eq!(file["kind"], "artefact");
    assert_eq!(file["current"], true);
    assert_eq!(file["digest"], format!("sha256:{}", digest(&good)));
    assert_eq!(file["bytes"], fs::metadata(format!("{}/{good}", place.artefacts)).unwrap().len());
}

#[test]
fn a_bad_one_is_found() {
    let (place, [good, bad, stale, unfinished, note]) = mixed();
    let run = place.run(&["artefacts", "verify"]).run().expect(1);
    let mut expected = [
        format!(
            "bad           sha256:{}: its code does not have the digest that its trailer says",
            digest(&bad)
        ),
        format!("stale         sha256:{}", digest(&stale)),
        format!("good          sha256:{}", digest(&good)),
        format!("left over     {unfinished}"),
        format!("foreign       {note}"),
    ];
    let mut lines: Vec<&str> = run.text().lines().collect();
    lines.sort_unstable();
    expected.sort();
    assert_eq!(lines, expected);
    let run = place.run(&["artefacts", "verify", "--json"]).run().expect(1).json();
    assert_eq!(run["good"], false);
    fs::remove_file(format!("{}/{bad}", place.artefacts)).unwrap();
    let run = place.run(&["artefacts", "verify", "--json"]).run().expect(0).json();
    assert_eq!(run["good"], true, "what is stale, left over or foreign is not bad");
}

#[test]
fn what_cannot_be_used_is_cleared_away() {
    let (place, [good, bad, stale, unfinished, note]) = mixed();
    let size = |name: &String| fs::metadata(format!("{}/{name}", place.artefacts)).unwrap().len();
    let freed: u64 = [&bad, &stale, &unfinished].map(size).iter().sum();
    let all = place.kept();
    let run = place.run(&["artefacts", "prune", "--dry-run"]).run().expect(0);
    assert!(run.text().ends_with(&format!("would free {freed} bytes, 3 files\n")), "{run:?}");
    assert_eq!(place.kept(), all);
    let run = place.run(&["artefacts", "prune"]).run().expect(0);
    assert!(run.text().ends_with(&format!("freed {freed} bytes, 3 files\n")), "{run:?}");
    let mut left = vec![good.clone(), note.clone()];
    left.sort();
    assert_eq!(place.kept(), left);
    // What was left is taken by the next run; with --all it goes, too.
    place.resolve().run().expect(0);
    let run = place.run(&["artefacts", "prune", "--all", "--json"]).run().expect(0).json();
    assert_eq!(run["files"][0]["name"], good.as_str());
    assert_eq!(run["bytes"], run["files"][0]["bytes"]);
    assert_eq!(place.kept(), [note]);
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let place = Place::new();
    for action in ["list", "verify", "prune"] {
        place.run(&["artefacts", action]).run().refused(2, &[&place.artefacts, "No such file"]);
        let run = Portcullis::new(["artefacts", action, "--artefacts", "/tmp"]).run();
        run.refused(2, &["the artefact folder /tmp is not private", "chmod 0700"]);
    }
    assert!(!Path::new(&place.artefacts).exists());
}
