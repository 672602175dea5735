//! Whatever is wrong with an artefact or its folder, the component is compiled again and a good file is put there.

use std::fs;

use super::*;

struct Place {
    parent: tempfile::TempDir,
    store: ArtefactStore,
    engine: Engine,
}

impl Place {
    fn new() -> Self {
        let parent = tempfile::tempdir().unwrap();
        let store = ArtefactStore::open(parent.path().join("artefacts")).unwrap();
        Self { parent, store, engine: Engine::on_demand(1).unwrap() }
    }

    fn artefact(&self, component: &VerifiedComponent) -> Vec<u8> {
        written(&self.store.artefact(&self.engine, &Compiler::InProcess, component).unwrap())
    }

    /// Where the artefact of a component is.
    fn file(&self, component: &VerifiedComponent) -> PathBuf {
        self.store.path(&self.engine, component.digest())
    }

    fn verdicts(&self) -> Vec<Verdict> {
        self.store.files(&self.engine).unwrap().iter().map(|file| self.store.verify(file)).collect()
    }
}

fn component(text: &str) -> VerifiedComponent {
    crate::tests::verified(wat::parse_str(text).unwrap())
}

fn written(artefact: &Artefact) -> Vec<u8> {
    let mut bytes = Vec::new();
    artefact.write_to(&mut bytes).unwrap();
    bytes
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn an_artefact_is_written_once_and_read_back() {
    let place = Place::new();
    let component = component("(component)");
    assert!(place.store.find(&place.engine, component.key()).is_none());
    let made = place.artefact(&component);
    assert_eq!(fs::read(place.file(&component)).unwrap(), made);
    assert_eq!(names(place.store.folder()).len(), 1, "one artefact, nothing half-written");
    assert_eq!(written(&place.store.find(&place.engine, component.key()).unwrap()), made);
    assert_eq!(place.verdicts(), [Verdict::Good]);
}

/// What an accident or somebody else may leave under an artefact's name.
type Spoil = fn(&Place, &Path, &[u8]);

fn put(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
}

fn changed(path: &Path, good: &[u8], position: usize) {
    let mut bytes = good.to_vec();
    bytes[position] ^= 1;
    put(path, &bytes);
}

const SPOILED: &[(&str, Spoil)] = &[
    ("empty", |_, path, _| put(path, b"")),
    ("truncated", |_, path, good| put(path, &good[..good.len() / 2])),
    ("truncated by a byte", |_, path, good| put(path, &good[..good.len() - 1])),
    ("longer", |_, path, good| put(path, &[good, b"\0"].concat())),
    ("damaged in its code", |_, path, good| changed(path, good, good.len() / 2)),
    ("damaged in its digest", |_, path, good| changed(path, good, good.len() - 1)),
    ("of another engine", |_, path, good| changed(path, good, good.len() - 72)),
    ("damaged in its magic", |_, path, good| changed(path, good, good.len() - 80)),
    ("naming another component", |_, path, good| changed(path, good, good.len() - 64)),
    ("another component's", |place, path, _| {
        let other = component("(component (core module (func)))");
        let other = place.engine.compile(&other).unwrap();
        put(path, &written(&other));
    }),
];

#[test]
fn a_bad_artefact_is_compiled_again_and_replaced() {
    let place = Place::new();
    let component = component("(component)");
    let good = place.artefact(&component);
    let path = place.file(&component);
    for (what, spoil) in SPOILED {
        spoil(&place, &path, &good);
        assert!(matches!(place.verdicts()[..], [Verdict::Bad(_)]), "{what}");
        assert_eq!(place.artefact(&component), good, "{what}");
        assert_eq!(fs::read(&path).unwrap(), good, "{what}: the good one is back");
        assert_eq!(place.verdicts(), [Verdict::Good], "{what}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Others could have written these, or still can, though every byte is right.
    const NOT_OURS: &[(&str, Spoil)] = &[
        ("writable by the group", |_, path, _| set(path, 0o620)),
        ("writable by others", |_, path, _| set(path, 0o602)),
        ("with a second name", |place, path, _| {
            fs::hard_link(path, place.parent.path().join("second")).unwrap();
        }),
        ("a link to a good one", |place, path, good| {
            let target = place.parent.path().join("target");
            put(&target, good);
            fs::remove_file(path).unwrap();
            symlink(target, path).unwrap();
        }),
        ("a FIFO", |_, path, _| {
            fs::remove_file(path).unwrap();
            let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
            assert!(made.success());
        }),
        ("somebody else's", |_, path, _| {
            if fs::metadata(path).unwrap().uid() == 0 {
                std::os::unix::fs::chown(path, Some(12345), None).unwrap();
            } else {
                // Only root can give a file away: this row is that of the group then.
                set(path, 0o620);
            }
        }),
    ];

    #[test]
    fn what_others_could_write_is_replaced_not_loaded() {
        let component = component("(component)");
        for (what, spoil) in NOT_OURS {
            let place = Place::new();
            let good = place.artefact(&component);
            let path = place.file(&component);
            spoil(&place, &path, &good);
            assert!(matches!(place.verdicts()[..], [Verdict::Bad(_)]), "{what}: {:?}", place.verdicts());
            assert!(place.store.find(&place.engine, component.key()).is_none(), "{what}");
            assert_eq!(place.artefact(&component), good, "{what}");
            let now = fs::symlink_metadata(&path).unwrap();
            assert!(now.is_file() && now.mode() & 0o777 == 0o400 && now.nlink() == 1, "{what}");
            assert_eq!(place.verdicts(), [Verdict::Good], "{what}");
        }
    }

    #[test]
    fn a_folder_that_others_can_enter_is_refused() {
        let place = Place::new();
        for mode in [0o770, 0o707, 0o777, 0o710, 0o701, 0o750, 0o704] {
            set(place.store.folder(), mode);
            let opened = ArtefactStore::open(place.store.folder());
            assert!(matches!(opened, Err(StoreError::NotPrivate { .. })), "{mode:o}");
        }
        let file = place.parent.path().join("file");
        fs::write(&file, "").unwrap();
        for no_folder in [file.as_path(), Path::new("/none/below"), Path::new("/dev/null/x")] {
            assert!(matches!(ArtefactStore::open(no_folder), Err(StoreError::Io { .. })), "{no_folder:?}");
        }
    }

    /// The folder that was checked is the one that is used, whatever its path leads to by then.
    #[test]
    fn a_folder_that_is_swapped_is_not_followed() {
        let place = Place::new();
        let component = component("(component)");
        let path = place.store.folder().to_owned();
        let moved = place.parent.path().join("moved");
        fs::rename(&path, &moved).unwrap();
        fs::create_dir(&path).unwrap();
        set(&path, 0o777);
        let made = place.artefact(&component);
        assert_eq!(names(&path), [""; 0], "nothing is written where the path leads now");
        assert_eq!(names(&moved).len(), 1);
        // Nor is what lies there read.
        let planted = path.join(place.file(&component).file_name().unwrap());
        put(&planted, b"planted");
        assert_eq!(place.artefact(&component), made);
        assert_eq!(fs::read(planted).unwrap(), b"planted");
    }

    #[test]
    fn a_folder_that_is_gone_means_memory() {
        let place = Place::new();
        let component = component("(component)");
        fs::remove_dir(place.store.folder()).unwrap();
        let made = place.store.artefact(&place.engine, &Compiler::InProcess, &component).unwrap();
        assert!(place.engine.load(&made).is_ok());
        assert!(place.store.keep(&place.engine, &made).is_err());
    }

    #[test]
    fn a_component_stays_loaded_when_its_file_is_replaced_or_removed() {
        let place = Place::new();
        let component = component("(component (core module (func)))");
        place.artefact(&component);
        let found = place.store.find(&place.engine, component.key()).unwrap();
        let made = written(&found);
        place.store.keep(&place.engine, &found).unwrap();
        fs::remove_file(place.file(&component)).unwrap();
        assert_eq!(written(&found), made);
        assert!(place.engine.load(&found).is_ok());
    }

    #[test]
    fn prune_takes_what_cannot_be_used_and_leaves_the_rest() {
        let place = Place::new();
        let (good, bad) = (component("(component)"), component("(component (core module))"));
        let bytes = place.artefact(&good);
        place.artefact(&bad);
        changed(&place.file(&bad), &bytes, 3);
        let folder = place.store.folder();
        let stale = name::artefact(good.digest(), 1);
        // A stale one is whole, for another engine.
        let mut other = bytes.clone();
        other[bytes.len() - 72..bytes.len() - 64].copy_from_slice(&1_u64.to_le_bytes());
        put(&folder.join(&stale), &other);
        let (left, used) = (name::temporary(&stale), name::temporary(&stale));
        put(&folder.join(&left), b"half");
        let writer = place.store.folder.create(&used).unwrap();
        writer.try_lock().unwrap();
        put(&folder.join("notes.txt"), b"mine");
        fs::create_dir(folder.join("folder")).unwrap();

        let before = names(folder).len();
        let pruned = |all, dry_run| {
            let mut pruned = place.store.prune(&place.engine, all, dry_run).unwrap();
            assert!(pruned.iter().all(|pruned| pruned.failed.is_none()));
            pruned.sort_by(|a, b| a.file.name.cmp(&b.file.name));
            pruned.into_iter().map(|pruned| pruned.file.name).collect::<Vec<_>>()
        };
        let mut expected = vec![stale, left, name::artefact(bad.digest(), place.engine.id())];
        expected.sort();
        assert_eq!(pruned(false, true), expected);
        assert_eq!(names(folder).len(), before, "a dry run removes nothing");
        assert_eq!(pruned(false, false), expected);
        assert_eq!(names(folder).len(), before - expected.len());
        assert_eq!(pruned(false, false), [""; 0], "what is good stays");
        assert_eq!(pruned(true, false), [name::artefact(good.digest(), place.engine.id())]);
        let mut rest = names(folder);
        rest.sort();
        let mut expected = vec!["folder".to_owned(), "notes.txt".to_owned(), used.clone()];
        expected.sort();
        assert_eq!(rest, expected, "what is not ours, or in use, stays");
        drop(writer);
        assert_eq!(pruned(false, false), [used], "its writer has ended");
    }
}
