//! Files of a hospital's disk: looked at and read, never written, never through a link.

use rustix::fs::{Mode, OFlags, open};
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use tasuki_core::Code;
use tasuki_core::ports::FileState;

/// What the disk says of a file without reading it.
pub(crate) fn state(path: &str, meta: &Metadata) -> FileState {
    let nanos =
        |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    FileState {
        path: path.into(),
        size: meta.size(),
        mtime_ns: nanos(meta.mtime(), meta.mtime_nsec()),
        ctime_ns: nanos(meta.ctime(), meta.ctime_nsec()),
        inode: meta.ino(),
    }
}

/// How reading a file ended.
pub(crate) enum ReadOutcome {
    /// Its bytes; the file was the same before and after.
    Whole(Vec<u8>),
    /// It changed while it was read.
    Growing,
    /// It is no longer there.
    Gone,
    /// It cannot be read, for this reason.
    Refused(Code),
}

/// Reads a file whole. Opening never blocks on a pipe and never follows a link, even if the file
/// was changed into one since it was listed.
pub(crate) fn read(path: &Path, expected: &FileState) -> ReadOutcome {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let mut file = match open(path, flags, Mode::empty()) {
        Ok(fd) => File::from(fd),
        Err(rustix::io::Errno::NOENT) => return ReadOutcome::Gone,
        Err(rustix::io::Errno::LOOP) => return ReadOutcome::Refused(Code::SymlinkRefused),
        Err(_) => return ReadOutcome::Refused(Code::FileUnreadable),
    };
    let size = usize::try_from(expected.size).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(size.saturating_add(1));
    // One byte more than it had shows whether it has grown, and bounds what is read.
    let limit = expected.size.saturating_add(1);
    match Read::by_ref(&mut file).take(limit).read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return ReadOutcome::Gone,
        Err(_) => return ReadOutcome::Refused(Code::FileUnreadable),
    }
    match file.metadata() {
        Ok(meta) if !meta.is_file() => ReadOutcome::Refused(Code::FileUnreadable),
        Ok(meta) if bytes.len() == size && unmoved(expected, &meta) => ReadOutcome::Whole(bytes),
        Ok(_) => ReadOutcome::Growing,
        Err(_) => ReadOutcome::Refused(Code::FileUnreadable),
    }
}

/// Whether size and modification time are as listed. The change time may differ: a rename to
/// another flag leaves the content alone, and the next look sees the new name.
fn unmoved(expected: &FileState, meta: &Metadata) -> bool {
    let now = state(&expected.path, meta);
    now.size == expected.size && now.mtime_ns == expected.mtime_ns && now.inode == expected.inode
}
