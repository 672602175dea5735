//! What is put, kept, replaced and removed.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use portcullis_agent::render::{Put, RenderError, Renderer};

use super::{files_in, memory, mode, name, names};

fn inode(path: &Path) -> u64 {
    fs::symlink_metadata(path).unwrap().ino()
}

#[test]
fn files_are_private_and_replaced_whole() {
    let Some(folder) = memory() else { return };
    let mut renderer = Renderer::open(folder.path()).unwrap();
    let deep = name("conf.d/redisdb.d/conf.yaml");
    assert_eq!(renderer.put(&deep, b"one").unwrap(), Put::Written);
    let path = folder.path().join(deep.as_str());
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&folder.path().join("conf.d")), 0o700);
    assert_eq!(mode(&folder.path().join("conf.d/redisdb.d")), 0o700);
    assert_eq!(mode(&folder.path().join("files.portcullis")), 0o600);
    let open = fs::File::open(&path).unwrap();
    assert_eq!(renderer.put(&deep, b"two").unwrap(), Put::Written);
    assert_eq!(std::io::read_to_string(open).unwrap(), "one", "a reader keeps what it opened");
    assert_eq!(fs::read(&path).unwrap(), b"two");
}

#[test]
fn what_has_not_changed_is_not_written_and_what_was_tampered_with_is() {
    type Tamper = fn(&Path);
    let tampers: [(&str, Tamper, Put); 6] = [
        ("nothing", |_| (), Put::Same),
        ("mode", |path| fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap(), Put::Written),
        ("text", |path| fs::write(path, "twO").unwrap(), Put::Written),
        ("length", |path| fs::write(path, "two ").unwrap(), Put::Written),
        ("gone", |path| fs::remove_file(path).unwrap(), Put::Written),
        (
            "a link",
            |path| {
                fs::rename(path, path.with_extension("other")).unwrap();
                symlink(path.with_extension("other"), path).unwrap();
            },
            Put::Written,
        ),
    ];
    for (what, tamper, put) in tampers {
        let Some(folder) = memory() else { return };
        let mut renderer = Renderer::open(folder.path()).unwrap();
        renderer.put(&name("a.yaml"), b"two").unwrap();
        let path = folder.path().join("a.yaml");
        let before = inode(&path);
        tamper(&path);
        assert_eq!(renderer.put(&name("a.yaml"), b"two").unwrap(), put, "{what}");
        assert_eq!(inode(&path) == before, put == Put::Same, "{what}");
        assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"two".to_vec(), 0o600), "{what}");
    }
}

#[test]
fn files_that_nobody_wants_go_with_their_folders_and_those_of_others_stay() {
    let Some(folder) = memory() else { return };
    let mut renderer = Renderer::open(folder.path()).unwrap();
    renderer.retain(&names(["a", "d/e/b", "d/c"])).unwrap();
    for file in ["a", "d/e/b", "d/c"] {
        renderer.put(&name(file), b"x").unwrap();
    }
    fs::write(folder.path().join("foreign"), "x").unwrap();
    renderer.retain(&names(["a", "d/c"])).unwrap();
    assert_eq!(files_in(folder.path()), ["a", "d", "d/c", "foreign"].map(Path::new));
    renderer.retain(&names(["d"])).unwrap();
    renderer.put(&name("d"), b"now a file").unwrap();
    assert_eq!(files_in(folder.path()), ["d", "foreign"].map(Path::new));
}

#[test]
fn the_next_process_finds_what_a_killed_one_left() {
    let Some(folder) = memory() else { return };
    let mut first = Renderer::open(folder.path()).unwrap();
    first.put(&name("d/a"), b"x").unwrap();
    first.put(&name("b"), b"x").unwrap();
    drop(first);
    // As if it had been killed within a write of each.
    fs::write(folder.path().join("d/a.portcullis"), "half").unwrap();
    fs::write(folder.path().join("files.portcullis.portcullis"), "half").unwrap();
    let mut second = Renderer::open(folder.path()).unwrap();
    assert_eq!(files_in(folder.path()), ["b", "d", "d/a"].map(Path::new));
    assert_eq!(second.names().map(ToString::to_string).collect::<Vec<_>>(), ["b", "d/a"]);
    assert_eq!(second.put(&name("b"), b"x").unwrap(), Put::Same);
    second.retain(&names(["b"])).unwrap();
    assert_eq!(files_in(folder.path()), ["b"].map(Path::new));
}

#[test]
fn no_link_is_followed_and_no_folder_of_others_used() {
    let Some(folder) = memory() else { return };
    let Some(elsewhere) = memory() else { return };
    let mut renderer = Renderer::open(folder.path()).unwrap();
    symlink(elsewhere.path(), folder.path().join("d")).unwrap();
    let error = renderer.put(&name("d/a"), b"x").unwrap_err();
    assert!(matches!(&error, RenderError::File { .. }), "{error}");
    assert!(files_in(elsewhere.path()).is_empty());
    fs::create_dir(folder.path().join("e")).unwrap();
    fs::set_permissions(folder.path().join("e"), Permissions::from_mode(0o777)).unwrap();
    let error = renderer.put(&name("e/a"), b"x").unwrap_err();
    assert!(error.to_string().contains("is not only this user's"), "{error}");
    fs::create_dir_all(folder.path().join("f/inside")).unwrap();
    let error = renderer.put(&name("f"), b"x").unwrap_err();
    assert!(error.to_string().contains("could not write"), "{error}");
    assert!(!folder.path().join("f.portcullis").exists(), "what was begun is removed");
}

#[test]
fn no_error_has_a_text() {
    let Some(folder) = memory() else { return };
    let mut renderer = Renderer::open(folder.path()).unwrap();
    fs::create_dir(folder.path().join("d")).unwrap();
    let error = renderer.put(&name("d"), b"hunter2-hunter2").unwrap_err();
    assert!(!format!("{error} {error:?} {renderer:?}").contains("hunter2"));
}
