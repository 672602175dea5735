//! A login: its method, and where that is mounted.

use std::fmt;

use super::method::{self, VaultMethod};
use super::spelling;
use crate::document::{Field, FileError, quoted};

/// A login at the store itself.
#[derive(Clone, Debug)]
pub struct VaultLogin {
    /// Where the method is mounted, below `auth/`. Default: the name of the method.
    pub mount: String,
    /// The method, and what it takes.
    pub method: VaultMethod,
}

impl VaultLogin {
    pub(super) fn parse(field: &Field<'_>) -> Result<Self, FileError> {
        let names = || method::METHODS.map(|method| format!("`{}`", method.name)).join(", ");
        let entries = field.entries("a map with `method`")?;
        let given =
            entries.iter().find(|(key, _)| *key == "method").map(|(_, given)| given).ok_or_else(|| {
                field.error(format_args!("the key `method` is missing: expected one of {}", names()))
            })?;
        let name = given.text(&names())?;
        let method = method::METHODS.iter().find(|method| method.name == name).ok_or_else(|| {
            given.error(format_args!("expected one of {}, found {}", names(), quoted(name)))
        })?;
        let keys: Vec<&str> = ["method", "mount"].into_iter().chain(method.keys.iter().copied()).collect();
        let section = field.section("a map", &keys)?;
        let mount = section.get("mount").map(|field| field.parsed("a mount", spelling::mount)).transpose()?;
        Ok(Self { mount: mount.unwrap_or_else(|| method.name.to_owned()), method: (method.parse)(&section)? })
    }
}

/// Without any value, for `explain`.
impl fmt::Display for VaultLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at auth/{}", self.method, self.mount)
    }
}
