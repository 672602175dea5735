//! The table has all that the policy's own parser knows.

use portcullis_policy::PortcullisFile;

use super::all;

/// What is left open, as `?`, and what every row about it has; the parser's own message then names all that there is.
const OPEN: [(&str, &str, &str); 4] = [
    ("kind: ?", "", "kind: "),
    ("kind: vault, login: { method: ? }", "kind: vault", "method: "),
    ("kind: aws, service: ssm, from: ?", "kind: aws", "from: "),
    ("kind: azure, from: ?", "kind: azure", "from: "),
];

/// The words in backticks with which the parser tells what it expects.
fn expected(credential: &str) -> Vec<String> {
    let text = format!(
        "version: 1\nproviders:\n  p:\n    component: x.wasm\n    network: [{{ name: store, origin: 'https://store.example', \
         allow: [GET /a], credential: {{ {} }} }}]\n",
        credential.replace('?', "none-of-these")
    );
    let error = PortcullisFile::parse("p.yaml", &text).expect_err("no such kind").to_string();
    let (_, listed) = error.split_once("expected").unwrap_or_else(|| panic!("{error}"));
    let words = listed.split('`').skip(1).step_by(2);
    words.filter(|word| *word != "none-of-these").map(str::to_owned).collect()
}

#[test]
fn every_kind_method_and_source_of_the_parser_is_in_the_table() {
    for (open, of, key) in OPEN {
        let words = expected(open);
        assert!(words.len() >= 3, "{open}: {words:?}");
        for word in words {
            let forms = [format!("{key}{word}"), format!("{key}{{ {word}: ")];
            let found = all().any(|kind| {
                // A row's line breaks are those of this source alone.
                let credential =
                    format!("{},", kind.credential.split_whitespace().collect::<Vec<_>>().join(" "));
                credential.contains(of)
                    && forms.iter().any(|form| {
                        let rest = credential.split(form.as_str()).skip(1);
                        rest.into_iter().any(|rest| form.ends_with(' ') || rest.starts_with([',', ' ']))
                    })
            });
            assert!(found, "no row has `{key}{word}`: add one to the table");
        }
    }
}

#[test]
fn every_form_of_a_text_and_every_credential_file_is_in_the_table() {
    for source in ["{ value: ", "{ file: ", "{ env: "] {
        for kind in ["kind: header", "kind: bearer"] {
            let found = all().any(|row| row.credential.contains(kind) && row.credential.contains(source));
            assert!(found, "{kind} {source}");
        }
    }
    for file in ["service_account", "authorized_user", "external_account", "impersonated_service_account"] {
        let kind = format!("\"type\":\"{file}\"");
        assert!(all().any(|row| row.files.iter().any(|(_, content)| content.contains(&kind))), "{file}");
    }
}

#[test]
fn rows_have_names_of_their_own_and_something_to_hide() {
    let mut names: Vec<&str> = all().map(|kind| kind.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(all().all(|kind| !kind.shown.is_empty() && !kind.arrives.is_empty()));
}
