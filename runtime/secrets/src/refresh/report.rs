//! What a refresh changed.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use crate::handle::Handle;
use crate::one_line::OneLine;
use crate::setting_path::SettingPath;

/// What a refresh did. Displayed as the text that agents show, which never holds a value; empty if nothing in use may
/// change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many handles the refresh was for.
    pub candidates: usize,
    /// The handles whose value is another one now, sorted.
    pub reloaded: Vec<Reloaded>,
    /// The handles that were not asked for, sorted: their store wants to be left alone for a while. The last good value
    /// stays.
    pub postponed: Vec<Handle>,
}

/// A handle whose value changed, and every place where it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reloaded {
    /// The handle.
    pub handle: Handle,
    /// Origin and path of each place, sorted.
    pub places: Vec<(Arc<str>, SettingPath)>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.candidates == 0 {
            return Ok(());
        }
        writeln!(f, "=== Secret stats ===")?;
        writeln!(f, "Number of secrets reloaded: {}", self.reloaded.len())?;
        writeln!(f, "Secrets handle reloaded:")?;
        writeln!(f)?;
        for Reloaded { handle, places } in &self.reloaded {
            writeln!(f, "- '{handle}':")?;
            for (origin, path) in places {
                writeln!(f, "\tused in '{}' configuration in entry '{path}'", OneLine(origin))?;
            }
        }
        Ok(())
    }
}
