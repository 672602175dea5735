//! Hostile guests of `tests/guests` in a folder of their own, and who calls them.

use std::fs;
use std::path::{Path, PathBuf};

use portcullis::{Builtins, Configuration, Plan, Resolver, Secrets, TrustedFiles};
use portcullis_assemble::{BACKEND, component};

const PRELUDE: &str = include_str!("../../../../tests/walls/src/prelude.wat");

/// A private folder with components in it.
pub(crate) struct Guests(tempfile::TempDir);

impl Guests {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The component of the guest in text form `name`, as `file`.
    pub(crate) fn add(&self, name: &str, file: &str) -> PathBuf {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests");
        let text = fs::read_to_string(sources.join(format!("{name}.wat"))).unwrap();
        let path = self.path().join(file);
        fs::write(&path, component(&format!("(module {text} {PRELUDE})"), BACKEND).unwrap()).unwrap();
        path
    }

    /// The plan of a configuration that lies in the folder.
    pub(crate) fn plan(&self, text: &str) -> Plan {
        let configuration = Configuration::parse("c.yaml", text.as_bytes(), self.path()).unwrap();
        Plan::compile(configuration, None).unwrap()
    }

    /// Secrets by that plan, with the folder's components in place of the built-in ones. Within a runtime.
    pub(crate) fn secrets(&self, plan: Plan) -> Secrets {
        let builder = Resolver::builder(plan).builtins(Builtins::folder(self.path())).one_shot();
        Secrets::builder(builder.trusted_files(TrustedFiles::strict()).build()).build().unwrap()
    }
}

/// A runtime for one test.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
