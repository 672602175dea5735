//! Lists the guests: `tests/guests/<area>_<behaviour>.{wat,rs}` → `rows::<area>::<behaviour>()`.
//!
//! A guest with a line `// rows: one, other` has a row for each: `rows::<area>::<behaviour>_one()` and so on.
//!
//! A guest without a row does not compile. (A row without a guest is dead code, which the lints refuse.)

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let guests = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../guests");
    println!("cargo::rerun-if-changed={}", guests.display());
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(&guests)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if matches!(extension, Some("wat" | "rs")) && stem.contains('_') {
            let text = std::fs::read_to_string(&path)?;
            match text.lines().find_map(|line| line.strip_prefix("// rows: ")) {
                Some(rows) => names.extend(rows.split(", ").map(|row| format!("{stem}_{row}"))),
                None => drop(names.insert(stem.to_owned())),
            }
        }
    }
    let mut table = String::from("&[\n");
    for name in &names {
        let (area, behaviour) = name.split_once('_').ok_or("a guest's name has its area first")?;
        writeln!(table, "    ({name:?}, crate::rows::{area}::{behaviour} as fn() -> crate::Behaviour),")?;
    }
    table.push(']');
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("guests.rs"), table)?;
    Ok(())
}
