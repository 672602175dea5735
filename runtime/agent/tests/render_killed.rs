//! A process that renders is killed a thousand times: its files are always whole, and private.
//!
//! The test starts itself as the process to be killed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use portcullis_agent::render::{RelativeName, Renderer};

const TIMES: usize = 1_000;
/// Tells the child its folder.
const FOLDER: &str = "PORTCULLIS_TEST_RENDER";
/// Files that come and go.
const FILES: [&str; 4] = ["datadog.yaml", "conf.d/a.d/conf.yaml", "conf.d/b.yaml", "conf.d/a.d/c/d.yaml"];
/// More than one write and one page, and of different lengths.
const TEXTS: [(u8, usize); 3] = [(b'a', 70_000), (b'b', 9_000), (b'c', 1)];

fn main() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        render(Path::new(&folder));
    }
    let Ok(folder) = tempfile::tempdir_in("/dev/shm") else {
        return println!("skipped: no memory to render into");
    };
    if let Err(error) = Renderer::open(folder.path()) {
        return println!("skipped: {error}");
    }
    let mut random = fastrand::Rng::with_seed(5);
    let mut seen = BTreeSet::new();
    let mut begun = 0;
    for _ in 0..TIMES {
        kill_one(folder.path(), &mut random);
        begun += look(folder.path(), folder.path(), &mut seen);
    }
    let mut renderer = Renderer::open(folder.path()).unwrap();
    renderer.retain(&BTreeSet::new()).unwrap();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["files.portcullis"], "something was left for ever");
    assert_eq!(seen.len(), FILES.len() * TEXTS.len(), "not everything was rendered: {seen:?}");
    println!("killed {TIMES} times, {begun} of them within a file: ok");
}

/// Puts random texts into random files, and says so after each, until it is killed.
fn render(folder: &Path) -> ! {
    let mut random = fastrand::Rng::new();
    let mut renderer = Renderer::open(folder).unwrap();
    loop {
        let names: BTreeSet<_> = FILES
            .into_iter()
            .filter(|_| random.u8(..4) > 0)
            .map(|file| RelativeName::new(file).unwrap())
            .collect();
        renderer.retain(&names).unwrap();
        for name in &names {
            let (letter, length) = TEXTS[random.usize(..TEXTS.len())];
            renderer.put(name, &vec![letter; length]).unwrap();
            std::io::stdout().write_all(b".").unwrap();
            std::io::stdout().flush().unwrap();
        }
    }
}

/// Kills the process after a random number of files, and a random while more.
fn kill_one(folder: &Path, random: &mut fastrand::Rng) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = vec![0; random.usize(1..30)];
    // Kept open until the end: a child that cannot speak would end by itself.
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut said).expect("the child renders until it is killed");
    for _ in 0..random.usize(..100_000) {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Every file is one of the texts, but for those that were being written, which it counts; all are private.
fn look(top: &Path, folder: &Path, seen: &mut BTreeSet<(String, u8)>) -> usize {
    let mut begun = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = fs::symlink_metadata(&path).unwrap();
        let mode = found.permissions().mode() & 0o7777;
        assert_eq!(mode, if found.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
        if found.is_dir() {
            begun += look(top, &path, seen);
        } else if name == "files.portcullis" {
            let list = fs::read_to_string(&path).unwrap();
            assert!(list.lines().all(|line| FILES.contains(&line)), "{list}");
            assert!(list.is_empty() || list.ends_with('\n'), "{list}");
        } else if name.ends_with(".portcullis") {
            begun += 1;
        } else {
            let text = fs::read(&path).unwrap();
            let whole = TEXTS.iter().find(|(letter, length)| text == vec![*letter; *length]);
            let (letter, _) = whole.unwrap_or_else(|| panic!("{name} has {} bytes of something", text.len()));
            seen.insert((name, *letter));
        }
    }
    begun
}
