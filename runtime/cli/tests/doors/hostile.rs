//! Documents that are hard to read: the right result or a clear error, never a part of a result.

use crate::support::{Folder, Portcullis, Table};

/// A level of nesting for each.
const DEEP: usize = 100_000;

/// A configuration whose one handle `k` has the value `v`.
fn backend() -> (Folder, String) {
    let folder = Folder::new();
    folder.write("s.json", r#"{"k":"v"}"#);
    folder.write("c.yaml", own_keys(&folder));
    let config = folder.at("c.yaml");
    (folder, config)
}

fn own_keys(folder: &Folder) -> String {
    format!(
        "secret_backend_type: file.json\nsecret_backend_config: {{file_path: '{}'}}\n",
        folder.at("s.json")
    )
}

#[test]
fn a_hostile_document_is_resolved_or_refused_as_the_table_says() {
    let (_folder, config) = backend();
    Table::read("hostile.yaml").with("{config}", &config).check(|row, run| {
        assert!(run.stderr.lines().count() <= 2, "{}: {run:?}", row.id);
        assert!(run.stderr.chars().all(|c| c == '\n' || !c.is_control()), "{}: {run:?}", row.id);
    });
}

#[test]
fn fifty_megabytes_are_resolved_whole() {
    let (folder, config) = backend();
    let line = "some_key_with_a_name: a plain value   # and a comment\n";
    let filler = line.repeat((50 << 20) / line.len() + 1);
    for (start, options) in [(String::new(), vec!["--config", &config]), (own_keys(&folder), vec![])] {
        let document = format!("{start}first: ENC[k]\nfiller: |\n  text\n{filler}last: 'ENC[k]'\n");
        let path = folder.write("d.yaml", &document);
        let arguments = ["resolve".as_ref(), path.as_os_str()].into_iter();
        let run =
            Portcullis::new(arguments.chain(options.iter().map(AsRef::as_ref))).run().expect(0);
        let expected = document.replace("ENC[k]\nfiller", "\"v\"\nfiller").replace("'ENC[k]'", "\"v\"");
        assert_eq!(run.stderr, "");
        // No `assert_eq`: nobody wants to read the difference of two such texts.
        assert!(run.stdout == expected.as_bytes(), "{} bytes, expected {}", run.stdout.len(), expected.len());
    }
}

#[test]
fn fifty_megabytes_with_a_fault_at_the_end_write_nothing() {
    let (folder, config) = backend();
    let lines = (50 << 20) / 32;
    let mut document = "first: ENC[k]\n".to_owned();
    document.push_str(&"a_key: a value that is long so\n".repeat(lines));
    document.push_str("last: \"\u{0}\n");
    let path = folder.write("d.yaml", &document);
    let place = format!("d.yaml:{}:", lines + 2);
    Portcullis::new(["resolve", "--config", &config, path.to_str().unwrap()]).run().refused(2, &[&place]);
}

#[test]
fn a_hundred_thousand_levels_are_walked_or_refused_with_their_place() {
    let (folder, config) = backend();
    let nested =
        |open: &str, core: &str, close: &str| format!("{}{core}{}", open.repeat(DEEP), close.repeat(DEEP));
    for (name, document) in [
        ("json lists", nested("[", r#""ENC[k]""#, "]")),
        ("json maps", nested(r#"{"a":"#, r#""ENC[k]""#, "}")),
        ("yaml flow lists", format!("a: {}", nested("[", "'ENC[k]'", "]"))),
        ("yaml flow maps", format!("a: {}", nested("{a: ", "'ENC[k]'", "}"))),
        ("yaml block lists", nested("- ", "ENC[k]", "")),
        ("never closed", format!("a: 'ENC[k]'\nb: {}", nested("[", "", ""))),
        ("closed too often", format!("a: 'ENC[k]'\nb: {}", nested("", "", "]"))),
    ] {
        // With the backend from elsewhere, and with keys of its own, which another reader looks for.
        let own = own_keys(&folder);
        let with_own =
            if document.starts_with("a: ") { format!("{own}{document}") } else { document.clone() };
        for (document, options) in [(document, vec!["--config", &config]), (with_own, vec![])] {
            folder.write("d.yaml", &document);
            let path = folder.at("d.yaml");
            let run = Portcullis::new(["resolve", &path].iter().chain(&options)).run();
            match run.code {
                0 => {
                    let expected = ["\"ENC[k]\"", "'ENC[k]'", "ENC[k]"]
                        .iter()
                        .fold(document, |text, reference| text.replace(reference, "\"v\""));
                    assert!(run.stdout == expected.as_bytes(), "{name}: {run:?}");
                }
                2 => {
                    assert!(run.stdout.is_empty(), "{name}");
                    let placed = run.stderr.starts_with(&format!("portcullis: {path}:"));
                    // Text without keys of its own names no backend, which is said in place of the depth.
                    assert!(placed, "{name}: {}", run.stderr.chars().take(300).collect::<String>());
                }
                code => panic!("{name}: exit code {code}"),
            }
        }
    }
}

#[test]
fn aliases_of_aliases_do_not_multiply() {
    let (_folder, config) = backend();
    let mut document = "a0: &a0 [\"ENC[k]\", \"ENC[k]\"]\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        document.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}]\n"));
    }
    let run = Portcullis::new(["resolve", "--config", &config, "-"]).stdin(document.clone()).run().expect(0);
    assert_eq!(run.text(), document.replace("\"ENC[k]\"", "\"v\""));
}

#[test]
fn a_value_of_a_mebibyte_of_hard_characters_is_written_whole() {
    let folder = Folder::new();
    let value = "\"\\: #\n\t\u{1}é😀- ".repeat((1 << 20) / 18);
    folder.write("s.json", serde_json::json!({ "k": value }).to_string());
    let config = folder.write("c.yaml", own_keys(&folder));
    let arguments = ["resolve".as_ref(), "--config".as_ref(), config.as_os_str(), "-".as_ref()];
    let run = Portcullis::new(arguments).stdin(r#"{"a":"ENC[k]"}"#).run().expect(0);
    assert!(run.json()["a"] == value.as_str());
    let run = Portcullis::new(arguments).stdin("a: ENC[k]\n").run().expect(0);
    let read: std::collections::BTreeMap<String, String> = serde_saphyr::from_str(run.text()).unwrap();
    assert!(read["a"] == value);
}
