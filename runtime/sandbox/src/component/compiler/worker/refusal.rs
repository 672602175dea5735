//! Why a worker does not compile a component, as one line.

use crate::component::CompileError;
use crate::component::bounds::Bound;

/// What a worker says in place of an artefact.
pub(super) enum Refusal {
    /// The component is at fault.
    Component(CompileError),
    /// The memory did not suffice.
    Memory,
}

impl Refusal {
    /// `KIND` or `KIND REST`, on one line.
    pub(super) fn line(&self) -> String {
        let line = match self {
            Self::Component(CompileError::CoreModule) => "module".to_owned(),
            Self::Component(CompileError::TooLarge { length }) => format!("large {length}"),
            Self::Component(CompileError::TooComplex { what, found, .. }) => {
                format!("complex {found} {what}")
            }
            Self::Component(CompileError::Invalid { reason }) => format!("invalid {reason}"),
            Self::Component(CompileError::Crashed { how }) => format!("crashed {how}"),
            // No other error can come of compiling in the worker itself.
            Self::Component(other) => format!("crashed {other}"),
            Self::Memory => "memory".to_owned(),
        };
        crate::component::plain(&line)
    }

    /// Reads the line back.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.trim_end();
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        Some(Self::Component(match kind {
            "memory" => return Some(Self::Memory),
            "module" => CompileError::CoreModule,
            "large" => CompileError::TooLarge { length: rest.parse().ok()? },
            "complex" => {
                let (found, what) = rest.split_once(' ')?;
                let bound = Bound::ALL.into_iter().find(|bound| bound.what() == what)?;
                CompileError::too_complex(bound, found.parse().ok()?)
            }
            "invalid" => CompileError::invalid(rest),
            "crashed" => CompileError::Crashed { how: crate::component::plain(rest) },
            _ => return None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_survives_the_pipe() {
        let complex = Bound::ALL.map(|bound| CompileError::too_complex(bound, 7));
        let rows = [
            CompileError::CoreModule,
            CompileError::TooLarge { length: 1 << 30 },
            CompileError::invalid("a b: c (at offset 0x10)"),
            CompileError::invalid(""),
            CompileError::Crashed { how: "it panicked".to_owned() },
        ];
        for error in rows.into_iter().chain(complex) {
            let said = error.to_string();
            let line = Refusal::Component(error).line();
            let Some(Refusal::Component(read)) = Refusal::read(line.as_bytes()) else { panic!("{line}") };
            assert_eq!(read.to_string(), said);
        }
        assert!(matches!(Refusal::read(Refusal::Memory.line().as_bytes()), Some(Refusal::Memory)));
    }

    #[test]
    fn what_is_no_refusal_is_not_taken_for_one() {
        for line in
            ["", "x", "large", "large x", "complex 3", "complex 3 things", "complex x functions", "\u{fffd}"]
        {
            assert!(Refusal::read(line.as_bytes()).is_none(), "{line}");
        }
        assert!(Refusal::read(&[0xff, 0xfe]).is_none());
    }

    #[test]
    fn a_component_cannot_put_a_second_line_into_it() {
        let line = Refusal::Component(CompileError::invalid("a\nmemory\u{1b}[31m")).line();
        assert_eq!(line, "invalid a memory [31m");
    }
}
