//! What a check's configuration has at its top: the agent takes only those that run something.

use std::path::Path;

use granit_parser::{Event, Parser, ScalarStyle};

use super::error::ConfigError;
use crate::tree::is_nothing;

/// Which sections have something in them, in the first document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shape {
    instances: bool,
    metrics: bool,
    logs: bool,
    identifiers: bool,
}

/// Why a text has no shape.
#[derive(Debug)]
pub(super) struct NoYaml {
    line: usize,
    message: String,
}

/// A key at the top that matters, and what counts below it.
#[derive(Clone, Copy)]
enum Section {
    /// Any value but null.
    Metrics,
    Logs,
    /// A list with an item.
    Instances,
    Identifiers,
    Other,
}

/// Where in the document we are.
#[derive(Default)]
struct At {
    /// How many containers are open.
    depth: usize,
    /// The section whose value comes, or is open.
    value_of: Option<Section>,
    /// It is a list.
    list: bool,
}

impl Shape {
    pub(super) fn of(text: &[u8]) -> Result<Self, NoYaml> {
        let text = std::str::from_utf8(text).map_err(|error| NoYaml {
            line: line_of(text, error.valid_up_to()),
            message: "not UTF-8".to_owned(),
        })?;
        let (mut shape, mut at) = (Self::default(), At::default());
        for event in Parser::new_from_str(text) {
            let (event, _) =
                event.map_err(|error| NoYaml { line: error.marker().line(), message: error.info() })?;
            match event {
                Event::DocumentEnd => break,
                Event::Scalar(value, style, ..) => {
                    let null = style == ScalarStyle::Plain && is_nothing(&value);
                    shape.node(&mut at, &value, !null);
                }
                Event::Alias(_) => shape.node(&mut at, "", true),
                Event::SequenceStart(..) => shape.open(&mut at, true),
                Event::MappingStart(..) => shape.open(&mut at, false),
                Event::SequenceEnd | Event::MappingEnd => at.close(),
                _ => {}
            }
        }
        Ok(shape)
    }

    /// The agent takes it.
    pub(super) fn is_config(self) -> bool {
        self.instances || self.metrics || self.logs
    }

    /// It collects logs, and leaves what is checked to the defaults.
    pub(super) fn has_only_logs(self) -> bool {
        self.logs && !self.metrics && !self.instances && !self.identifiers
    }

    fn node(&mut self, at: &mut At, text: &str, something: bool) {
        match (at.depth, at.value_of) {
            (1, None) => at.value_of = Some(Section::named(text)),
            (1, Some(section)) => {
                self.mark(section, something, false);
                at.value_of = None;
            }
            (2, Some(section)) if at.list => self.mark(section, true, true),
            _ => {}
        }
    }

    fn open(&mut self, at: &mut At, list: bool) {
        match (at.depth, at.value_of) {
            // A key that is a container.
            (1, None) => at.value_of = Some(Section::Other),
            (1, Some(section)) => {
                self.mark(section, true, false);
                at.list = list;
            }
            (2, Some(section)) if at.list => self.mark(section, true, true),
            // A list at the top has no sections.
            (0, _) if list => at.depth = usize::MAX / 2,
            _ => {}
        }
        at.depth = at.depth.saturating_add(1);
    }

    fn mark(&mut self, section: Section, something: bool, item: bool) {
        match section {
            Section::Metrics => self.metrics |= something,
            Section::Logs => self.logs |= something,
            Section::Instances => self.instances |= item,
            Section::Identifiers => self.identifiers |= item,
            Section::Other => {}
        }
    }
}

impl At {
    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 1 {
            self.value_of = None;
            self.list = false;
        }
    }
}

impl Section {
    fn named(key: &str) -> Self {
        match key {
            "jmx_metrics" => Self::Metrics,
            "logs" => Self::Logs,
            "instances" => Self::Instances,
            "ad_identifiers" => Self::Identifiers,
            _ => Self::Other,
        }
    }
}

impl NoYaml {
    pub(super) fn of(self, path: &Path) -> ConfigError {
        ConfigError::Yaml { path: path.to_owned(), line: self.line, message: self.message }
    }
}

fn line_of(text: &[u8], end: usize) -> usize {
    text.iter().take(end).filter(|byte| **byte == b'\n').count().saturating_add(1)
}
