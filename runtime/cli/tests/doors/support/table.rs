//! Rows of a table in `tests/tables/`: files, a command line, an input, and everything that must come of it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde::Deserialize;

use super::{Folder, Portcullis, Run};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    rows: Vec<Row>,
    #[serde(skip)]
    put: Vec<(&'static str, String)>,
}

/// In every text `{dir}` stands for the row's fresh folder and `{version}` for this package's version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) id: String,
    /// Made before the run.
    #[serde(default)]
    files: BTreeMap<String, Content>,
    /// The name that the binary is called by.
    called: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    code: i32,
    /// The whole of standard output.
    #[serde(default)]
    stdout: String,
    /// Each must occur on standard error. Without any, standard error must be empty.
    #[serde(default)]
    stderr: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Table {
    pub(crate) fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables").join(name);
        serde_saphyr::from_str(&fs::read_to_string(path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Puts a text for a placeholder of this table's own.
    pub(crate) fn with(mut self, placeholder: &'static str, text: &str) -> Self {
        self.put.push((placeholder, text.to_owned()));
        self
    }

    /// Runs every row, and reports all that fail together. `also` looks at what a row left behind.
    pub(crate) fn check(&self, also: impl Fn(&Row, &Run)) {
        let mut wrong = Vec::new();
        for row in &self.rows {
            let run = row.run(&self.put);
            wrong.extend(run.faults.into_iter().map(|fault| format!("{}: {fault}\n{:?}", row.id, run.run)));
            also(row, &run.run);
        }
        assert!(wrong.is_empty(), "{} faults\n\n{}", wrong.len(), wrong.join("\n\n"));
    }
}

struct Checked {
    run: Run,
    faults: Vec<String>,
}

impl Row {
    fn run(&self, more: &[(&str, String)]) -> Checked {
        let folder = Folder::new();
        let dir = folder.path().to_str().unwrap();
        let put = |text: &str| {
            let text = text.replace("{dir}", dir).replace("{version}", env!("CARGO_PKG_VERSION"));
            more.iter().fold(text, |text, (placeholder, with)| text.replace(placeholder, with))
        };
        for (name, content) in &self.files {
            match content {
                Content::Text(text) => folder.write(name, put(text)),
                Content::Bytes(bytes) => folder.write(name, bytes),
            };
        }
        let arguments: Vec<String> = self.args.iter().map(|argument| put(argument)).collect();
        let portcullis = match &self.called {
            None => Portcullis::new(arguments),
            Some(name) => {
                let link = folder.path().join(name);
                symlink(env!("CARGO_BIN_EXE_portcullis"), &link).unwrap();
                Portcullis::at(&link, arguments)
            }
        };
        let run = portcullis.stdin(put(&self.stdin)).folder(folder.path()).run();
        let mut faults = Vec::new();
        if run.code != self.code {
            faults.push(format!("exit code {}, expected {}", run.code, self.code));
        }
        if run.stdout != put(&self.stdout).as_bytes() {
            faults.push(format!("standard output differs, expected\n{}", put(&self.stdout)));
        }
        faults.extend(
            self.stderr
                .iter()
                .map(|part| put(part))
                .filter(|part| !run.stderr.contains(part.as_str()))
                .map(|part| format!("standard error does not say {part:?}")),
        );
        if self.stderr.is_empty() && !run.stderr.is_empty() {
            faults.push("standard error is not empty".to_owned());
        }
        Checked { run, faults }
    }
}
