//! Which grant holds a path. Pure: names in, an order out.

use portcullis_compat::go;

/// A grant that could hold a path, and the path's rest below it (empty for the grant's own folder).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Index of the grant, in the host's order.
    pub(super) grant: usize,
    /// What is left of the path, without a leading slash.
    pub(super) inside: String,
}

/// The grants that could hold `path`, the nearest first; equally near ones in the host's order.
///
/// `.`, `..` and repeated slashes are worked out in the text alone, and an absolute path is never below a relative grant. Several can hold one path: a file grant shows as a folder with that one file in it.
pub(super) fn places<'a>(grants: impl Iterator<Item = &'a str>, path: &str) -> Vec<Place> {
    let path = go::clean(path);
    // The shorter what is left, the nearer. (Inserted in order: a stable sort would be a tenth of a guest's code.)
    let mut found: Vec<Place> = Vec::new();
    for (grant, name) in grants.enumerate() {
        if let Some(inside) = below(&path, &go::clean(name)) {
            let nearer = found.partition_point(|place| place.inside.len() <= inside.len());
            found.insert(nearer, Place { grant, inside: inside.to_owned() });
        }
    }
    found
}

/// What is left of a clean path below a clean folder; `None` when it is not below it.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let rest = match folder {
        "." if go::is_abs(path) => return None,
        "." if path == "." => "",
        "." => path,
        "/" => path.strip_prefix('/')?,
        folder => {
            let rest = path.strip_prefix(folder)?;
            if rest.is_empty() { rest } else { rest.strip_prefix('/')? }
        }
    };
    if rest == ".." || rest.starts_with("../") { None } else { Some(rest) }
}

#[cfg(test)]
mod tests {
    use super::places;

    /// Grants, path, and (grant, rest) in the order in which they are tried.
    type Row = (&'static [&'static str], &'static str, &'static [(usize, &'static str)]);

    const ROWS: &[Row] = &[
        (&["/etc/dd"], "/etc/dd/s.json", &[(0, "s.json")]),
        (&["/etc/dd"], "/etc/dd", &[(0, "")]),
        (&["/etc/dd/"], "/etc/dd/", &[(0, "")]),
        (&["/etc/dd"], "/etc/ddx/s.json", &[]),
        (&["/etc/dd"], "/etc", &[]),
        (&["/etc/dd"], "/etc/dd/sub/../s", &[(0, "s")]),
        (&["/etc/dd"], "/etc/dd/../s", &[]),
        (&["/etc/dd"], "//etc//dd/./s", &[(0, "s")]),
        (&["/"], "/s.json", &[(0, "s.json")]),
        (&["/"], "/../s.json", &[(0, "s.json")]),
        (&["."], "s.json", &[(0, "s.json")]),
        (&["."], "./a/s.json", &[(0, "a/s.json")]),
        (&["."], "../s.json", &[]),
        (&["."], "/s.json", &[]),
        (&["/"], "s.json", &[]),
        (&["secrets"], "secrets/a", &[(0, "a")]),
        (&["./secrets"], "secrets", &[(0, "")]),
        (&["../up"], "../up/a", &[(0, "a")]),
        (&["/etc", "/etc/dd"], "/etc/dd/s", &[(1, "s"), (0, "dd/s")]),
        (&["/etc/dd", "/etc/dd"], "/etc/dd/s", &[(0, "s"), (1, "s")]),
        (&[], "/s", &[]),
    ];

    #[test]
    fn the_nearest_grant_is_tried_first() {
        for (grants, path, expected) in ROWS {
            let found = places(grants.iter().copied(), path);
            let found: Vec<(usize, &str)> = found.iter().map(|p| (p.grant, p.inside.as_str())).collect();
            assert_eq!(&found, expected, "{path} in {grants:?}");
        }
    }
}
