//! Slash-separated paths, by their text alone: no file is looked at and no link followed.

/// The shortest path that means the same by its text: no empty or `.` part, no `..` but leading ones, no
/// trailing slash.
///
/// ```
/// use portcullis_compat::go::clean;
///
/// assert_eq!(clean("/a//b/../c/."), "/a/c");
/// assert_eq!(clean("../../a"), "../../a");
/// assert_eq!(clean("/.."), "/");
/// assert_eq!(clean(""), ".");
/// ```
#[must_use]
pub fn clean(path: &str) -> String {
    let rooted = is_abs(path);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            other => parts.push(other),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The parts joined with slashes and cleaned; empty parts do not count, and nothing joined is the empty path.
///
/// ```
/// use portcullis_compat::go::join;
///
/// assert_eq!(join(&["/etc/secrets", "../x"]), "/etc/x");
/// assert_eq!(join(&["/etc/secrets", ""]), "/etc/secrets");
/// assert_eq!(join(&["", ""]), "");
/// ```
#[must_use]
pub fn join(parts: &[&str]) -> String {
    let given: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if given.is_empty() { String::new() } else { clean(&given.join("/")) }
}

/// Does the path start at the root?
#[must_use]
pub fn is_abs(path: &str) -> bool {
    path.starts_with('/')
}
