//! What a component asks for, read off its outermost layer without compiling anything.

use thiserror::Error;
use wasmparser::{Parser, Payload};

/// The names that a component imports and exports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// Imported interfaces, functions and types, as written: `wasi:filesystem/types@0.2.12`.
    pub imports: Vec<String>,
    /// Exported ones: `portcullis:secrets/provider@0.1.0`.
    pub exports: Vec<String>,
}

/// The bytes cannot be read as a component.
#[derive(Debug, Error)]
#[error("not a readable component: {reason} (at byte {offset})")]
pub struct InspectError {
    /// What the parser says.
    pub reason: String,
    /// Where.
    pub offset: u64,
}

impl Inspection {
    /// Reads the import and export sections of the outermost component.
    ///
    /// # Errors
    ///
    /// Where the bytes are no component: a core module, text, something cut short.
    pub fn of(bytes: &[u8]) -> Result<Self, InspectError> {
        if !Parser::is_component(bytes) {
            let reason = if Parser::is_core_wasm(bytes) {
                "a core WebAssembly module without a component around it"
            } else {
                "it does not begin as a WebAssembly component does"
            };
            return Err(InspectError { reason: reason.to_owned(), offset: 0 });
        }
        let mut depth = 0_usize;
        let mut found = Self { imports: Vec::new(), exports: Vec::new() };
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                    depth = depth.saturating_add(1);
                }
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        found.imports.push(import?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        found.exports.push(export?.name.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

impl From<wasmparser::BinaryReaderError> for InspectError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self { reason: super::plain(error.message()), offset: error.offset() as u64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_outermost_layer_counts() {
        let component = wat::parse_str(
            r#"(component
                (component (import "inner" (func)))
                (core module (import "core" "core" (func)))
                (import "wasi:cli/environment@0.2.3" (instance)))"#,
        )
        .unwrap();
        let found = Inspection::of(&component).unwrap();
        assert_eq!(found.imports, ["wasi:cli/environment@0.2.3"]);
    }

    #[test]
    fn what_is_no_component_is_said() {
        let module = wat::parse_str("(module)").unwrap();
        for (bytes, said) in [
            (module.as_slice(), "core WebAssembly module"),
            (b"(component)", "does not begin"),
            (b"", "does not begin"),
        ] {
            let error = Inspection::of(bytes).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
