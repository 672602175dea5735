//! Tries everything that changes a file's content, length or times; where a file can be written, far more than it may be.

// rows: read_only, writable

#![cfg_attr(target_family = "wasm", no_main)]

use portcullis_hostile_guests::files::{
    Descriptor, DescriptorFlags, ErrorCode, NewTimestamp, OpenFlags, PathFlags, content, folder, open,
    outcome, stream_outcome,
};
use portcullis_hostile_guests::report::Report;

portcullis_hostile_guests::export!(attack);

const WRITE: DescriptorFlags = DescriptorFlags::WRITE;

fn attack(_: &str) -> String {
    let Some(folder) = folder() else { return String::from("nothing is granted") };
    let mut report = Report::new();
    report
        .add("truncate", outcome(access(&folder, OpenFlags::TRUNCATE, DescriptorFlags::READ)))
        .add("truncate-only", outcome(access(&folder, OpenFlags::TRUNCATE, DescriptorFlags::empty())))
        .add("exclusive", outcome(access(&folder, OpenFlags::CREATE | OpenFlags::EXCLUSIVE, WRITE)))
        .add("mutate-flag", outcome(access(&folder, OpenFlags::empty(), DescriptorFlags::MUTATE_DIRECTORY)))
        .add("times-at", outcome(times_at(&folder, "file")))
        .add("times-at-out", outcome(times_at(&folder, "../outside/secret")));
    if let Ok(reader) = open(&folder, "file") {
        report
            .add("flags", format!("{:?}", reader.get_flags().unwrap_or(DescriptorFlags::empty())))
            .add("reader-set-size", outcome(reader.set_size(0)))
            .add("reader-set-size-max", outcome(reader.set_size(u64::MAX)))
            .add("reader-times", outcome(reader.set_times(NewTimestamp::Now, NewTimestamp::Now)))
            .add("reader-write", outcome(reader.write(b"spoilt", 0)))
            .add("reader-stream", outcome(reader.write_via_stream(0)))
            .add("reader-append", outcome(reader.append_via_stream()))
            .add("reader-sync", outcome(reader.sync()))
            .add("reader-sync-data", outcome(reader.sync_data()));
    }
    report.add("folder-sync", outcome(folder.sync()));
    report.add("file", content(&folder, "file"));
    match access(&folder, OpenFlags::empty(), WRITE | DescriptorFlags::READ) {
        Err(code) => report.add("open-write", code.name()),
        Ok(writer) => overwrite(&folder, &writer, report.add("open-write", "ok")),
    };
    report.finish()
}

/// What a write grant must still not let through.
fn overwrite<'a>(folder: &Descriptor, writer: &Descriptor, report: &'a mut Report) -> &'a mut Report {
    report
        .add("write", outcome(writer.write(b"new content", 0)))
        .add("times", outcome(writer.set_times(NewTimestamp::Now, NewTimestamp::Now)))
        .add("set-size-max", outcome(writer.set_size(u64::MAX)))
        .add("set-size-huge", outcome(writer.set_size(1 << 50)))
        .add("write-max", outcome(writer.write(b"x", u64::MAX)))
        .add("write-far", outcome(writer.write(b"x", 1 << 50)))
        .add("stream-far", stream(writer, 1 << 50))
        .add("stream-max", stream(writer, u64::MAX))
        .add("sync", outcome(writer.sync()))
        .add("flood", flood(writer))
        .add("files", crowd(folder))
}

fn access(folder: &Descriptor, flags: OpenFlags, access: DescriptorFlags) -> Result<Descriptor, ErrorCode> {
    folder.open_at(PathFlags::SYMLINK_FOLLOW, "file", flags, access)
}

fn times_at(folder: &Descriptor, path: &str) -> Result<(), ErrorCode> {
    folder.set_times_at(PathFlags::SYMLINK_FOLLOW, path, NewTimestamp::Now, NewTimestamp::Now)
}

fn stream(writer: &Descriptor, offset: u64) -> &'static str {
    match writer.write_via_stream(offset) {
        Ok(stream) => stream_outcome(stream.blocking_write_and_flush(b"x")),
        Err(code) => code.name(),
    }
}

/// Writes over the same place until the host has had enough.
fn flood(writer: &Descriptor) -> &'static str {
    let block = vec![b'x'; 1 << 20];
    (0..100_000).find_map(|_| writer.write(&block, 0).err()).map_or("never refused", |code| code.name())
}

/// Makes empty files until the host has had enough.
fn crowd(folder: &Descriptor) -> &'static str {
    let make = |number: u32| {
        let access = DescriptorFlags::READ | WRITE;
        folder.open_at(PathFlags::empty(), &format!("crowd-{number}"), OpenFlags::CREATE, access).err()
    };
    (0..100_000).find_map(make).map_or("never refused", |code| code.name())
}
