//! Opens what is neither a file nor a folder, in every way: none of it may block, act or be read.

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{
    Descriptor, DescriptorFlags, OpenFlags, PathFlags, content, folder, outcome,
};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

/// Names that the host's test makes; `device` only where it may.
const NAMES: &[&str] =
    &["fifo", "fifo-link", "socket", "device", "device-link", "proc", "proc/self/mem", "proc/self/environ"];

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    for name in NAMES {
        report
            .add(name, content(&folder, name))
            .add("write", open(&folder, name, OpenFlags::empty(), DescriptorFlags::WRITE))
            .add(
                "both",
                open(&folder, name, OpenFlags::empty(), DescriptorFlags::READ | DescriptorFlags::WRITE),
            )
            .add("folder", open(&folder, name, OpenFlags::DIRECTORY, DescriptorFlags::READ));
    }
    report.add("file", content(&folder, "file")).finish()
}

fn open(folder: &Descriptor, name: &str, flags: OpenFlags, access: DescriptorFlags) -> &'static str {
    outcome(folder.open_at(PathFlags::SYMLINK_FOLLOW, name, flags, access))
}
