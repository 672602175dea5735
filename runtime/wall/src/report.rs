//! What holds after the drop.

use std::fmt;

/// How far one layer holds, and in which words that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a layer holds, is not there, or was refused")]
pub enum Held {
    /// It holds, as far as this kernel knows how to.
    Yes(String),
    /// This system does not have it.
    Missing(String),
    /// The system has it and refused it: something between it and this process does not allow that.
    Refused(String),
}

impl Held {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self, Self::Yes(_))
    }

    /// The words.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Yes(text) | Self::Missing(text) | Self::Refused(text) => text,
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes(text) => f.write_str(text),
            Self::Missing(text) => write!(f, "missing ({text})"),
            Self::Refused(text) => write!(f, "refused ({text})"),
        }
    }
}

/// What [`drop_rights`](crate::drop_rights) reached, layer by layer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// No program that is started gains rights by its mode or its capabilities.
    pub no_new_privileges: Held,
    /// Limits of the process.
    pub limits: Held,
    /// Files, TCP ports, and signals to other processes.
    pub landlock: Held,
    /// System calls.
    pub seccomp: Held,
}

impl Report {
    /// The layers with their names, as they are shown.
    #[must_use]
    pub fn layers(&self) -> [(&'static str, &Held); 4] {
        [
            ("no-new-privileges", &self.no_new_privileges),
            ("limits", &self.limits),
            ("landlock", &self.landlock),
            ("seccomp", &self.seccomp),
        ]
    }

    /// Whether a layer was refused that this system has.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.layers().iter().any(|(_, held)| matches!(held, Held::Refused(_)))
    }

    /// Whether every layer holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.layers().iter().all(|(_, held)| held.holds())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (name, held)) in self.layers().into_iter().enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            write!(f, "{separator}{name}: {held}")?;
        }
        Ok(())
    }
}
