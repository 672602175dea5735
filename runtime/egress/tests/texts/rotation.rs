//! A text that changes while the provider runs: the next request has the new one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::host::{Host, Provider};
use crate::store::Store;

type Way = fn(&Path, &str);

/// How a file gets a new content.
const WAYS: &[(&str, Way)] = &[
    ("written over", |path, text| fs::write(path, text).unwrap()),
    ("renamed over", |path, text| {
        let new = path.with_extension("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, path).unwrap();
    }),
    ("removed and made", |path, text| {
        fs::remove_file(path).unwrap();
        fs::write(path, text).unwrap();
    }),
];

#[tokio::test]
async fn the_next_request_has_the_new_content() {
    for kind in ["kind: header, name: x-vault-token", "kind: bearer", "kind: kubernetes", "kind: vault"] {
        for (way, replace) in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("token");
            fs::write(&path, "token-zero").unwrap();
            let store = Store::start(|_| (200, String::new()));
            let credential = format!("{kind}, from: {{ file: '{}' }}", path.display());
            let provider = Provider::with_credential(&Host::new(), &store.origin(), &credential);
            for text in ["token-zero", "token-first\n", "token-second-longer"] {
                replace(&path, text);
                provider.get("/v1/a").await.unwrap();
                let received = store.received().pop().unwrap();
                assert!(format!("{received:?}").contains(text.trim()), "{kind}, {way}: {received:?}");
            }
        }
    }
}

/// As kubelet does it: a folder with a time for its name, a link `..data` to it that is swapped, and links to the files
/// below `..data`.
fn publish(mount: &Path, generation: u32, token: &str) {
    let folder = format!("..2024_01_15_12_00_00.{generation}");
    fs::create_dir(mount.join(&folder)).unwrap();
    fs::write(mount.join(&folder).join("token"), token).unwrap();
    symlink(&folder, mount.join("..data_tmp")).unwrap();
    fs::rename(mount.join("..data_tmp"), mount.join("..data")).unwrap();
    if generation == 0 {
        symlink("..data/token", mount.join("token")).unwrap();
    } else {
        fs::remove_dir_all(mount.join(format!("..2024_01_15_12_00_00.{}", generation - 1))).unwrap();
    }
}

#[tokio::test]
async fn kubelet_swaps_the_token_of_a_service_account() {
    let mount = tempfile::tempdir().unwrap();
    publish(mount.path(), 0, "token-0");
    let store = Store::start(|_| (200, String::new()));
    let credential =
        format!("kind: kubernetes, from: {{ file: '{}' }}", mount.path().join("token").display());
    let provider = Provider::with_credential(&Host::new(), &store.origin(), &credential);
    provider.get("/api/v1/a").await.unwrap();
    for generation in 1..4 {
        // Of the same length, written within the same instant: the file is another one all the same.
        publish(mount.path(), generation, &format!("token-{generation}"));
        provider.get("/api/v1/a").await.unwrap();
    }
    let sent: Vec<String> = (0..4).map(|generation| format!("Bearer token-{generation}")).collect();
    let received = store.received();
    let seen: Vec<&str> = received.iter().filter_map(|request| request.header("authorization")).collect();
    assert_eq!(seen, sent);
}

#[tokio::test]
async fn a_text_that_is_replaced_while_the_request_is_under_way_is_tried_once_more() {
    // Kind, and the answers of the store: to the old text, to the new one, to others.
    let rows = [
        ("kind: header, name: x-vault-token", 403),
        ("kind: header, name: x-vault-token", 401),
        ("kind: bearer", 401),
        ("kind: kubernetes", 401),
        ("kind: vault", 403),
    ];
    for (kind, refusal) in rows {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "old-token").unwrap();
        let newest = Arc::new(Mutex::new("new-token"));
        let (file, accepted) = (path.clone(), Arc::clone(&newest));
        let store = Store::start(move |received| {
            let seen = format!("{received:?}");
            if seen.contains("old-token") {
                // Between the reading of the file and the answer.
                fs::write(&file, "new-token").unwrap();
            }
            if seen.contains(*accepted.lock().unwrap()) { (200, seen) } else { (refusal, seen) }
        });
        let credential = format!("{kind}, from: {{ file: '{}' }}", path.display());
        let provider = Provider::with_credential(&Host::new(), &store.origin(), &credential);
        assert_eq!(provider.get("/v1/a").await.unwrap().0, 200, "{kind}");
        assert_eq!(store.received().len(), 2, "{kind}");
        // One that stays as it is is not tried again.
        *newest.lock().unwrap() = "none";
        let (status, said) = provider.get("/v1/a").await.unwrap();
        assert_eq!((status, store.received().len()), (refusal, 3), "{kind}");
        assert!(!said.contains("new-token"), "{said}");
    }
}
