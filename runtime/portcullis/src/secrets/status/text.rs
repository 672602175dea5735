//! The text of `portcullis secret`: as the agent's, with providers where that shows its executable.

use std::fmt::{self, Display, Formatter};

use portcullis_policy::EscapedText;

use super::{NO_PROVIDER, ProviderStatus, Rights, Status, go_duration};
use crate::trusted::FileRights;

/// Longest name of a configuration that is shown, in bytes.
const NAME: usize = 1024;

impl Display for Status {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        if self.providers.is_empty() {
            writeln!(f, "{NO_PROVIDER}")?;
            if self.handles.is_empty() && self.unresolved.is_empty() {
                return Ok(());
            }
        } else {
            writeln!(f, "=== Checking component permissions ===")?;
        }
        for provider in &self.providers {
            Display::fmt(provider, f)?;
        }
        writeln!(f)?;
        writeln!(f, "=== Secrets stats ===")?;
        writeln!(f, "Number of secrets resolved: {}", self.handles.len())?;
        writeln!(f, "Secrets handle resolved:")?;
        writeln!(f)?;
        for (handle, places) in &self.handles {
            let stale =
                if self.stale.contains_key(handle) { " (stale: its last good value is in use)" } else { "" };
            writeln!(f, "- '{handle}':{stale}")?;
            for (origin, path) in places {
                let origin = EscapedText::new(origin, NAME);
                writeln!(f, "  - used in '{origin}' configuration in entry '{path}'")?;
            }
        }
        if !self.unresolved.is_empty() {
            writeln!(f)?;
            writeln!(f, "Secrets not resolved:")?;
            for line in &self.unresolved {
                writeln!(f, "  - {line}")?;
            }
        }
        writeln!(f)?;
        match (self.refresh.interval, self.refresh.first_after) {
            (Some(interval), Some(first)) => writeln!(
                f,
                "'secret_refresh_interval' is enabled: the first refresh will happen {:.2}s after startup and then every {}",
                first.as_secs_f64(),
                go_duration(interval)
            ),
            _ => writeln!(f, "'secret_refresh_interval' is disabled"),
        }
    }
}

impl Display for ProviderStatus {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Provider: {}", self.name)?;
        if let Some(backend_type) = &self.backend_type {
            writeln!(f, "Secret backend type: {}", EscapedText::new(backend_type, NAME))?;
        }
        writeln!(f, "Component: {}", EscapedText::new(&self.component, NAME))?;
        if let Some(digest) = &self.digest {
            writeln!(f, "Component digest: {digest}")?;
        }
        match &self.rights {
            Rights::Carried => writeln!(f, "Component permissions: OK, carried by this program")?,
            Rights::Trusted(rights) => {
                writeln!(f, "Component permissions: OK, the component has the correct permissions")?;
                details(f, Ok(rights))?;
            }
            Rights::Refused(reason, rights) => {
                let reason = EscapedText::new(reason, NAME);
                writeln!(f, "Component permissions: error: the component cannot be used: {reason}")?;
                details(f, rights.as_ref())?;
            }
            Rights::Unsupported => {}
        }
        if let Some(fault) = &self.fault {
            writeln!(f, "Last fault: {}", EscapedText::new(fault, NAME))?;
        }
        writeln!(f, "Effective grants:")?;
        for line in format!("{:#}", self.policy).lines() {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

fn details(f: &mut Formatter<'_>, rights: Result<&FileRights, &String>) -> fmt::Result {
    writeln!(f, "Permissions Detail:")?;
    match rights {
        Ok(rights) => {
            writeln!(f, "File mode: {:o}", rights.mode)?;
            writeln!(f, "\t\tOwner: {}", rights.owner)?;
            writeln!(f, "\t\tGroup: {}", rights.group)
        }
        Err(error) => writeln!(f, "{}", EscapedText::new(error, NAME)),
    }
}
