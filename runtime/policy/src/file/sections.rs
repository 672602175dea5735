//! The sections of a provider that grant something. The ceiling reads the same ones.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::PathBuf;

use crate::document::{Field, FileError, Value, quoted};
use crate::filesystem::FileBound;
use crate::network::{self, Destination};
use crate::{
    Access, Digest, Environment, EnvironmentValue, FileAccess, LimitOrigin, LimitOverrides, Mount,
    environment,
};

const ACCESS: [(&str, FileAccess); 2] = [("read", FileAccess::Read), ("write", FileAccess::Write)];

/// An empty list is the middle state: linked, and denying.
fn access<T>(granted: Vec<T>) -> Access<Vec<T>> {
    if granted.is_empty() { Access::Empty } else { Access::Granted(granted) }
}

pub(crate) fn network(field: &Field<'_>) -> Result<Access<Vec<Destination>>, FileError> {
    network::parse_all(field).map(access)
}

pub(crate) fn filesystem(field: &Field<'_>) -> Result<Access<Vec<Mount>>, FileError> {
    let mut mounts: Vec<Mount> = Vec::new();
    for item in field.list("a list of `{ host: PATH }`, or `[]` to deny every access")? {
        let mount = mount(&item)?;
        if mounts.iter().any(|other| other.guest() == mount.guest()) {
            return Err(item.error(format_args!(
                "a second mount at {}: give it another `guest` path",
                quoted(mount.guest())
            )));
        }
        mounts.push(mount);
    }
    Ok(access(mounts))
}

fn mount(field: &Field<'_>) -> Result<Mount, FileError> {
    let section = field.section("a map with `host`", &["host", "guest", "access"])?;
    let host_field = section.require("host", "the path on this machine")?;
    let host = host_field.text("a path")?;
    let guest = section.get("guest").map(|guest| guest.text("a path")).transpose()?.unwrap_or(host);
    let access =
        section.get("access").map(|field| field.choice(&ACCESS)).transpose()?.unwrap_or(FileAccess::Read);
    if !guest.starts_with('/') {
        return Err(section.get("guest").unwrap_or(host_field).error("expected a path from the root"));
    }
    Mount::new(host, guest, access).map_err(|problem| host_field.error(problem))
}

pub(crate) fn file_bounds(field: &Field<'_>) -> Result<Vec<FileBound>, FileError> {
    let items = field.list("a list of `{ host: PATH }`, or `[]` to forbid files")?;
    items.iter().map(file_bound).collect()
}

fn file_bound(field: &Field<'_>) -> Result<FileBound, FileError> {
    let section = field.section("a map with `host`", &["host", "access"])?;
    let host = section.require("host", "the path on this machine")?;
    let access =
        section.get("access").map(|field| field.choice(&ACCESS)).transpose()?.unwrap_or(FileAccess::Read);
    let bound = FileBound::new(PathBuf::from(host.text("a path")?), access);
    bound.ok_or_else(|| host.error("expected a path from the root without `..`"))
}

pub(crate) fn sockets(field: &Field<'_>) -> Result<Access<Infallible>, FileError> {
    match field.text("`none`")? {
        "none" => Ok(Access::Empty),
        _ => Err(field.error("expected `none`: raw sockets are never granted")),
    }
}

pub(crate) fn environment(field: &Field<'_>) -> Result<Environment, FileError> {
    let entries = field.entries("a map from names to text or `{ from: NAME }`")?;
    let entry = |(name, value): (&str, Field<'_>)| {
        let name = environment::check_name(name).map_err(|problem| value.error(problem))?;
        Ok((name, environment_value(&value)?))
    };
    entries.into_iter().map(entry).collect()
}

fn environment_value(field: &Field<'_>) -> Result<EnvironmentValue, FileError> {
    if !matches!(field.value(), Value::Map(_)) {
        let text = field.text("text or `{ from: NAME }`")?;
        if text.contains('\0') {
            return Err(field.error("a variable holds no zero byte"));
        }
        return Ok(EnvironmentValue::Literal(text.to_owned()));
    }
    let section = field.section("`{ from: NAME }`", &["from"])?;
    let from = section.require("from", "the name of a variable of this machine")?;
    from.parsed("a variable's name", environment::check_name).map(EnvironmentValue::From)
}

pub(crate) fn environment_names(field: &Field<'_>) -> Result<BTreeSet<String>, FileError> {
    let items = field.list("a list of names, or `[]` to forbid all")?;
    items.iter().map(|item| item.parsed("a variable's name", environment::check_name)).collect()
}

pub(crate) fn limits(field: &Field<'_>, origin: LimitOrigin) -> Result<LimitOverrides, FileError> {
    let mut limits = LimitOverrides::default();
    // The section refuses unknown keys with the list of known ones.
    field.section("a map of limits", LimitOverrides::KEYS)?;
    for (key, value) in field.entries("a map of limits")? {
        limits.set(key, &value.quantity()?, origin).map_err(|problem| value.error(problem))?;
    }
    Ok(limits)
}

pub(crate) fn digest(field: &Field<'_>) -> Result<Digest, FileError> {
    field.parsed("`sha256:` and 64 digits", str::parse)
}
