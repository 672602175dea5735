//! Tries everything that makes, moves or removes a name.

// rows: read_only, writable

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{
    Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags, content, folder, open, outcome,
};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let link = |from: &str, to: &str| outcome(folder.link_at(PathFlags::empty(), from, &folder, to));
    let rename = |from: &str, to: &str| outcome(folder.rename_at(from, &folder, to));
    let mut report = Report::new();
    report
        .add("hard-link", link("file", "hard"))
        .add("hard-link-out", link("file", "../outside/hard"))
        .add("hard-link-in", link("../outside/secret", "hard"))
        .add("symlink", outcome(folder.symlink_at("file", "soft")))
        .add("symlink-out", outcome(folder.symlink_at("../outside/secret", "soft")))
        .add("symlink-absolute", outcome(folder.symlink_at("/etc/passwd", "soft")))
        .add("rename-out", rename("file", "../outside/file"))
        .add("rename-in", rename("../outside/secret", "stolen"))
        .add("rename-absolute", rename("file", "/tmp/file"))
        .add("rename-slash", rename("file", "renamed/"))
        .add("rename-over-link", rename("file", "leaves-by-folder/secret"))
        .add("create", outcome(create(&folder, "new")))
        .add("create-slash", outcome(create(&folder, "new/")))
        .add("create-out", outcome(create(&folder, "../outside/new")))
        .add("create-by-link", outcome(create(&folder, "leaves-by-folder/new")))
        .add("create-by-dangling", outcome(create(&folder, "dangles-out")))
        .add("folder", outcome(folder.create_directory_at("made")))
        .add("folder-out", outcome(folder.create_directory_at("../outside/made")))
        .add("folder-by-link", outcome(folder.create_directory_at("leaves-by-folder/made")))
        .add("remove-folder", outcome(folder.remove_directory_at("empty")))
        .add("remove-folder-slash", outcome(folder.remove_directory_at("empty2/")))
        .add("remove-folder-out", outcome(folder.remove_directory_at("../outside/empty")))
        .add("remove-dot", outcome(folder.remove_directory_at(".")))
        .add("remove", outcome(folder.unlink_file_at("spare")))
        .add("remove-slash", outcome(folder.unlink_file_at("file/")))
        .add("remove-out", outcome(folder.unlink_file_at("../outside/secret")))
        .add("remove-by-link", outcome(folder.unlink_file_at("leaves-by-folder/secret")))
        .add("rename", rename("file", "moved"));
    // A file's own descriptor is no folder to make things in, and one of a folder below is under the same grant.
    if let Ok(file) = open(&folder, "sub/deep") {
        report.add("in-file", outcome(file.create_directory_at("made")));
    }
    if let Ok(below) = open(&folder, "sub") {
        report.add("up-from-below", outcome(create(&below, "../../outside/new")));
        report.add("below", outcome(create(&below, "new")));
    }
    report.add("moved", content(&folder, "moved")).add("file", content(&folder, "file")).finish()
}

fn create(folder: &Descriptor, path: &str) -> Result<Descriptor, ErrorCode> {
    let access = DescriptorFlags::READ | DescriptorFlags::WRITE;
    folder.open_at(PathFlags::SYMLINK_FOLLOW, path, OpenFlags::CREATE, access)
}
