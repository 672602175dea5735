//! All numbers as one text.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter, Write as _};

use super::metric::{Label, Metric};
use super::number::Number;

/// The `Content-Type` of a [`Page`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What every name begins with.
const PREFIX: &str = "portcullis_";

/// Samples, collected in any order; shown sorted by name, then by labels. Each family has its `HELP` and `TYPE` once.
#[derive(Debug, Clone, Default)]
pub struct Page {
    families: BTreeMap<&'static str, Family>,
}

#[derive(Debug, Clone)]
struct Family {
    metric: Metric,
    samples: BTreeMap<BTreeMap<Label, String>, Number>,
}

impl Page {
    /// Adds a sample. One of the same metric with the same labels is replaced: two would make the page invalid.
    pub fn add(&mut self, metric: Metric, labels: &[(Label, &str)], number: impl Into<Number>) {
        let labels = labels.iter().map(|(label, value)| (*label, (*value).to_owned())).collect();
        let family =
            self.families.entry(metric.name).or_insert_with(|| Family { metric, samples: BTreeMap::new() });
        family.samples.insert(labels, number.into());
    }

    /// Shows a metric though it has no sample yet, so that its first is seen to grow.
    pub fn announce(&mut self, metric: Metric) {
        self.families.entry(metric.name).or_insert_with(|| Family { metric, samples: BTreeMap::new() });
    }
}

impl Display for Page {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, Family { metric, samples }) in &self.families {
            let name = Name(name);
            writeln!(f, "# HELP {name} {}", Escaped { text: metric.help, quotes: false })?;
            writeln!(f, "# TYPE {name} {}", metric.kind.name())?;
            for (labels, number) in samples {
                write!(f, "{name}")?;
                let mut before = '{';
                for (label, value) in labels {
                    write!(f, "{before}{}=\"{}\"", label.name(), Escaped { text: value, quotes: true })?;
                    before = ',';
                }
                let after = if labels.is_empty() { "" } else { "}" };
                writeln!(f, "{after} {number}")?;
            }
        }
        Ok(())
    }
}

/// A metric's name: what no name may have becomes `_`, so that one typing error does not cost the page.
struct Name<'n>(&'n str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        for c in self.0.chars() {
            f.write_char(if c.is_ascii_alphanumeric() { c } else { '_' })?;
        }
        Ok(())
    }
}

/// A help text, or a label's value, in which quotes are escaped too.
struct Escaped<'t> {
    text: &'t str,
    quotes: bool,
}

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.text.chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '"' if self.quotes => f.write_str("\\\"")?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
