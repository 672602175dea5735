//! Called `secret-generic-connector`, it has the command line of the agent's own connector: one flag, Go's way.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;

const NAME: &str = "secret-generic-connector";

/// Runs as the connector, where that is the name that it was called by.
pub(crate) fn main() -> Option<ExitCode> {
    let mut arguments = std::env::args_os();
    let program = PathBuf::from(arguments.next()?);
    let name = program.file_stem()?.to_str()?.to_owned();
    if name != NAME {
        return None;
    }
    let arguments: Vec<String> = arguments.map(|argument| argument.to_string_lossy().into_owned()).collect();
    Some(match flag(&arguments) {
        Flag::None => {
            crate::log::start(0);
            // No option of ours can be given in this form: everything is at its default.
            super::exec::main(&Arguments::parse_from([NAME]).common)
        }
        Flag::Version => {
            println!("{} {}", base(&program), env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Flag::Help => {
            eprint!("{}", usage(&program));
            ExitCode::SUCCESS
        }
        Flag::Unknown(flag) => {
            eprint!("flag provided but not defined: -{flag}\n{}", usage(&program));
            ExitCode::from(2)
        }
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Flag {
    None,
    Version,
    Help,
    Unknown(String),
}

/// Go's flag package: one dash or two, and nothing after the first argument that is no flag counts.
fn flag(arguments: &[String]) -> Flag {
    let mut found = Flag::None;
    for argument in arguments {
        if argument == "--" {
            break;
        }
        let Some(name) = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-')) else { break };
        match name {
            "" => break,
            "version" | "version=true" => found = Flag::Version,
            "version=false" => found = Flag::None,
            "h" | "help" => return Flag::Help,
            other => return Flag::Unknown(other.split('=').next().unwrap_or(other).to_owned()),
        }
    }
    found
}

fn usage(program: &Path) -> String {
    format!("Usage of {}:\n  -version\n    \tPrint version information\n", program.display())
}

fn base(program: &Path) -> String {
    program.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_as_go_reads_them() {
        let rows: [(&[&str], Flag); 9] = [
            (&[], Flag::None),
            (&["-version"], Flag::Version),
            (&["--version"], Flag::Version),
            (&["-version=false"], Flag::None),
            (&["-h"], Flag::Help),
            (&["-bogus"], Flag::Unknown("bogus".to_owned())),
            (&["extra"], Flag::None),
            (&["extra", "-bogus"], Flag::None),
            (&["--", "-bogus"], Flag::None),
        ];
        for (arguments, expected) in rows {
            let arguments: Vec<String> = arguments.iter().map(|&a| a.to_owned()).collect();
            assert_eq!(flag(&arguments), expected, "{arguments:?}");
        }
    }
}
