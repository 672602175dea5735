//! Into which folders.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use portcullis_agent::render::{RenderError, Renderer};

use super::{SHARED_MEMORY, memory, mode};

#[test]
fn what_is_not_memory_is_refused_and_the_message_says_how_to_mount_it() {
    // A folder of our own, on no memory file system on any machine.
    let own = Path::new("/proc/self");
    let error = Renderer::open(own).unwrap_err();
    // Where it is a link to the process's folder, it is not followed.
    assert!(matches!(error, RenderError::Open { .. }), "{error}");
    let own = fs::canonicalize(own).unwrap();
    let error = Renderer::open(&own).unwrap_err();
    assert!(matches!(error, RenderError::NotMemory { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("a file system of type 0x9fa0"), "{text}");
    assert!(text.contains("mount -t tmpfs -o size=16m,mode=0700,uid="), "{text}");
}

#[test]
fn a_folder_that_is_made_for_nothing_is_removed() {
    let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = disk.path().join("out");
    match Renderer::open(&path) {
        Err(RenderError::NotMemory { .. }) => assert!(!path.exists()),
        Ok(_) => eprintln!("skipped: the build's folder is in memory"),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_missing_folder_is_made_for_us_alone_and_its_parent_is_not() {
    let Some(folder) = memory() else { return };
    let path = folder.path().join("out");
    drop(Renderer::open(&path).unwrap());
    assert_eq!(mode(&path), 0o700);
    let error = Renderer::open(&folder.path().join("not/there")).unwrap_err();
    assert!(matches!(error, RenderError::Open { .. }), "{error}");
}

#[test]
fn folders_that_others_can_write_are_refused() {
    let Some(folder) = memory() else { return };
    for (bits, good) in [(0o700, true), (0o755, true), (0o770, false), (0o702, false), (0o1777, false)] {
        fs::set_permissions(folder.path(), Permissions::from_mode(bits)).unwrap();
        match Renderer::open(folder.path()) {
            Ok(_) => assert!(good, "{bits:o}"),
            Err(RenderError::Shared { mode, .. }) => assert!(!good && mode == bits, "{bits:o} {mode:o}"),
            Err(error) => panic!("{bits:o}: {error}"),
        }
    }
}

#[test]
fn a_link_to_a_folder_is_refused() {
    let Some(folder) = memory() else { return };
    fs::create_dir(folder.path().join("real")).unwrap();
    symlink("real", folder.path().join("link")).unwrap();
    let error = Renderer::open(&folder.path().join("link")).unwrap_err();
    assert!(matches!(error, RenderError::Open { .. }), "{error}");
}

#[test]
fn one_renders_at_a_time() {
    let Some(folder) = memory() else { return };
    let first = Renderer::open(folder.path()).unwrap();
    let error = Renderer::open(folder.path()).unwrap_err();
    assert!(matches!(error, RenderError::Taken(_)), "{error}");
    drop(first);
    Renderer::open(folder.path()).unwrap();
}

#[test]
fn a_list_that_is_not_ours_is_not_believed() {
    for (list, line) in [("a\n../etc/passwd\n", 2), ("/etc/passwd", 1), ("\n", 0), ("a\n\nb\n", 2), ("a", 0)]
    {
        let Some(folder) = memory() else { return };
        fs::write(folder.path().join("files.portcullis"), list).unwrap();
        match Renderer::open(folder.path()) {
            Ok(_) => assert_eq!(line, 0, "{list:?}"),
            Err(RenderError::Marker { line: found, .. }) => assert_eq!(line, found, "{list:?}"),
            Err(error) => panic!("{list:?}: {error}"),
        }
    }
    assert!(Path::new(SHARED_MEMORY).is_dir());
}
