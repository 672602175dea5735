//! Looks for anything beside, above or below the one file that is granted.
//!
//! The parameter is the file's name.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{
    Descriptor, DescriptorFlags, OpenFlags, PathFlags, content, granted, outcome,
};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

const BESIDE: &[&str] =
    &["sibling", ".", "..", "../inside/sibling", "sub/deep", "/etc/passwd", "", "../inside", "none"];

fn attack(name: &str) -> String {
    let grants = granted();
    let [(folder, _)] = grants.as_slice() else { return format!("{} grants", grants.len()) };
    let mut report = Report::new();
    report.add(name, content(folder, name)).add("list", list(folder));
    for path in BESIDE {
        report.add(path, content(folder, path));
    }
    for path in [format!("{name}/.."), format!("{name}/../sibling"), format!("./{name}"), format!("{name}/")]
    {
        report.add(&path, content(folder, &path));
    }
    report
        .add("stat-sibling", outcome(folder.stat_at(PathFlags::SYMLINK_FOLLOW, "sibling")))
        .add("stat-above", outcome(folder.stat_at(PathFlags::SYMLINK_FOLLOW, "..")))
        .add("hash-sibling", outcome(folder.metadata_hash_at(PathFlags::SYMLINK_FOLLOW, "sibling")))
        .add("readlink", outcome(folder.readlink_at(name)))
        .add("hash-folder", outcome(folder.metadata_hash()))
        .add("folder", outcome(folder.create_directory_at("made")))
        .add("remove", outcome(folder.unlink_file_at(name)))
        .add("rename", outcome(folder.rename_at(name, folder, "moved")))
        .add("write", outcome(write(folder, name)))
        .add("create", outcome(write(folder, "made")))
        .finish()
}

fn list(folder: &Descriptor) -> String {
    let Ok(listing) = folder.read_directory() else { return String::from("refused") };
    let mut names = Vec::new();
    while let Ok(Some(entry)) = listing.read_directory_entry() {
        names.push(entry.name);
    }
    names.join(",")
}

fn write(folder: &Descriptor, name: &str) -> Result<Descriptor, portcullis_hostile_guests::files::ErrorCode> {
    folder.open_at(PathFlags::SYMLINK_FOLLOW, name, OpenFlags::CREATE, DescriptorFlags::WRITE)
}
