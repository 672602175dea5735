//! Folders with everything that a guest may try: `inside` is granted, `outside` is not.

use std::io;
use std::path::Path;

use super::SECRET;

/// Files, folders and links.
pub(super) fn tree(scene: &Path) -> io::Result<()> {
    let (inside, outside) = (scene.join("inside"), scene.join("outside"));
    for folder in ["sub", "empty", "empty2", "..2024"] {
        std::fs::create_dir_all(inside.join(folder))?;
    }
    std::fs::create_dir_all(outside.join("empty"))?;
    for (name, content) in [
        ("file", "inside"),
        ("spare", "spare"),
        ("sibling", "beside"),
        ("sub/deep", "deep"),
        ("..2024/password", "kubelet"),
    ] {
        std::fs::write(inside.join(name), content)?;
    }
    std::fs::write(outside.join("secret"), SECRET)?;
    for (link, target) in [
        ("leaves", Path::new("../outside/secret")),
        ("leaves-absolute", &outside.join("secret")),
        ("leaves-by-chain", Path::new("chain")),
        ("chain", Path::new("sub/../leaves")),
        ("leaves-by-folder", Path::new("../outside")),
        ("dangles-out", Path::new("../outside/made")),
        ("proc", Path::new("/proc")),
        ("loop", Path::new("loop")),
        ("dangling", Path::new("nowhere")),
        ("..data", Path::new("..2024")),
        ("password", Path::new("..data/password")),
    ] {
        symlink(target, &inside.join(link))?;
    }
    Ok(())
}

/// The tree, and what is neither file nor folder. A device takes a privilege: without it that name is missing, which is
/// said.
pub(super) fn special(scene: &Path) -> io::Result<()> {
    use rustix::fs::FileType;
    tree(scene)?;
    let inside = scene.join("inside");
    node(&inside.join("fifo"), FileType::Fifo, 0)?;
    symlink(Path::new("fifo"), &inside.join("fifo-link"))?;
    // The name stays when the listener goes.
    drop(std::os::unix::net::UnixListener::bind(inside.join("socket"))?);
    if let Err(error) = node(&inside.join("device"), FileType::CharacterDevice, rustix::fs::makedev(1, 5)) {
        println!("files_special: without a device, which cannot be made here: {error}");
    }
    symlink(Path::new("/dev/zero"), &inside.join("device-link"))
}

/// The tree with a file that is large enough to be read from the disk, `large`.
pub(super) fn large(scene: &Path) -> io::Result<()> {
    tree(scene)?;
    std::fs::write(scene.join("inside/large"), vec![b'l'; 1 << 20])
}

/// The tree with a file of 100 GB, of which nothing is on the disk.
pub(super) fn endless(scene: &Path) -> io::Result<()> {
    tree(scene)?;
    std::fs::File::create(scene.join("inside/endless"))?.set_len(100 << 30)
}

/// The tree with a folder of 200,000 entries. Links to one file: no file takes less time to make.
pub(super) fn crowd(scene: &Path) -> io::Result<()> {
    tree(scene)?;
    let crowd = scene.join("inside/crowd");
    std::fs::create_dir(&crowd)?;
    let name = "n".repeat(200);
    let mut first = crowd.join("first");
    std::fs::write(&first, "")?;
    for number in 0..200_000_u32 {
        let path = crowd.join(format!("{name}{number}"));
        // A file has no more names than its file system allows.
        if std::fs::hard_link(&first, &path).is_err() {
            std::fs::write(&path, "")?;
            first = path;
        }
    }
    Ok(())
}

/// Puts `target` behind the name, whatever was there: whoever looks finds the one or the other.
pub(super) fn swap_link(link: &Path, target: &Path) -> io::Result<()> {
    let new = link.with_extension("new");
    // Left from a turn that did not come to its end.
    drop(std::fs::remove_file(&new));
    symlink(target, &new)?;
    std::fs::rename(new, link)
}

/// Replaces a file by one with this content, as careful programs do.
pub(super) fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let new = file.with_extension("new");
    std::fs::write(&new, content)?;
    std::fs::rename(new, file)
}

fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

fn node(path: &Path, kind: rustix::fs::FileType, device: u64) -> io::Result<()> {
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    Ok(rustix::fs::mknodat(rustix::fs::CWD, path, kind, mode, device)?)
}
