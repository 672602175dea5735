//! The names of files put aside: `base.NNNNNN.extension`, exactly.

/// The parts that a file and those put aside have in common.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) base: String,
    pub(super) extension: String,
    pub(super) digits: usize,
}

impl Names {
    /// The name of the file that is written to.
    pub(super) fn current(&self) -> String {
        format!("{}.{}", self.base, self.extension)
    }

    /// The name under which pruned contents are made ready. Not that of any file put aside.
    pub(super) fn temporary(&self) -> String {
        format!("{}.{}.tmp", self.base, self.extension)
    }

    /// The name of the file put aside with this number; `None` if it has more digits than names have.
    pub(super) fn put_aside(&self, number: u64) -> Option<String> {
        let number = format!("{number:0width$}", width = self.digits);
        (number.len() == self.digits).then(|| format!("{}.{number}.{}", self.base, self.extension))
    }

    /// The number of a file put aside; `None` if this is not the name of one.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        let number = name
            .strip_prefix(&self.base)?
            .strip_prefix('.')?
            .strip_suffix(&self.extension)?
            .strip_suffix('.')?;
        let exact = number.len() == self.digits && number.bytes().all(|byte| byte.is_ascii_digit());
        exact.then(|| number.parse().ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_exact() {
        for (digits, name, number) in [
            (4, "file.0000.txt", Some(0)),
            (4, "file.0012.txt", Some(12)),
            (4, "file.00012.txt", None),
            (8, "file.00000012.txt", Some(12)),
            (4, "file.txt", None),
            (4, "xfile.0001.txt", None),
            (4, "file.0001.txt.tmp", None),
            (4, "file.0001xtxt", None),
            (4, "file.+001.txt", None),
            (4, "file.٠٠٠١.txt", None),
            (4, "file..txt", None),
        ] {
            let names = Names { base: "file".into(), extension: "txt".into(), digits };
            assert_eq!(names.number(name), number, "{name}");
        }
        let names = Names { base: "file".into(), extension: "txt".into(), digits: 4 };
        assert_eq!(names.put_aside(7).as_deref(), Some("file.0007.txt"));
        assert_eq!(names.put_aside(10_000), None);
        assert_eq!(names.number(&names.temporary()), None);
    }
}
