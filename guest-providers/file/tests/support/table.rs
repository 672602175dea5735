//! The tables in `tests/tables/`, as data.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) backend_type: String,
    pub(crate) setup: Vec<Made>,
    pub(crate) absent: Option<PathBuf>,
    pub(crate) config: serde_json::Value,
    pub(crate) expect: Vec<Expected>,
}

/// Something in the row's folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Made {
    file: Option<PathBuf>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    fill: Option<usize>,
    folder: Option<PathBuf>,
    link: Option<PathBuf>,
    to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) handle: String,
    pub(crate) value: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) error_contains: Option<Vec<String>>,
}

impl Table {
    pub(crate) fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/tables").join(name);
        serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    }
}

impl Row {
    /// Makes the row's files and puts the folder's path for `{dir}`.
    pub(crate) fn prepare(mut self, dir: &Path) -> Self {
        let path = dir.to_str().unwrap();
        let put = |text: &mut String| *text = text.replace("{dir}", path);
        for made in &mut self.setup {
            made.to.iter_mut().for_each(put);
            made.make(dir);
        }
        put_all(&mut self.config, &put);
        for expected in &mut self.expect {
            put(&mut expected.handle);
            expected.error.iter_mut().for_each(put);
            expected.error_contains.iter_mut().flatten().for_each(put);
        }
        self
    }
}

impl Expected {
    /// Fails unless this is the answer to the handle: its value, or the text of its failure.
    pub(crate) fn check(&self, row: &str, handle: &str, answer: Result<&str, &str>) {
        let place = format!("{row}: {:?}", self.handle);
        assert_eq!(handle, self.handle, "{place}");
        let error = answer.err();
        match &self.error_contains {
            Some(parts) => {
                let error = error.unwrap_or_else(|| panic!("{place} should fail"));
                assert!(parts.iter().all(|part| error.contains(part.as_str())), "{place}: {error}");
            }
            None => {
                assert_eq!(error, self.error.as_deref(), "{place}");
                assert_eq!(answer.ok(), self.value.as_deref(), "{place}");
            }
        }
    }
}

impl Made {
    fn make(&self, dir: &Path) {
        if let Some(folder) = &self.folder {
            fs::create_dir_all(dir.join(folder)).unwrap();
        } else if let Some(link) = &self.link {
            std::os::unix::fs::symlink(self.to.as_ref().unwrap(), dir.join(link)).unwrap();
        } else {
            let path = dir.join(self.file.as_ref().unwrap());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = self.text.clone().map(String::into_bytes);
            let fill = self.fill.map(|bytes| vec![b'x'; bytes]);
            fs::write(path, text.or(self.bytes.clone()).or(fill).unwrap()).unwrap();
        }
    }
}

fn put_all(value: &mut serde_json::Value, put: &impl Fn(&mut String)) {
    match value {
        serde_json::Value::String(text) => put(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| put_all(item, put)),
        serde_json::Value::Object(members) => members.values_mut().for_each(|member| put_all(member, put)),
        _ => {}
    }
}
