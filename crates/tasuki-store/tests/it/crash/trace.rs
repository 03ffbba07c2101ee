//! The record that `strace` makes: every call that changes or syncs a file, in order.
//!
//! Asked for with `-y` (descriptors with their paths) and `-xx` (all strings in hex), so a line is
//! easy to take apart: `123 pwrite64(5<\x2f…>, "\x00…", 4096, 8192) = 4096`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// One call, of those that matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Opened for writing, or made; whether it was cut to nothing.
    Open { path: PathBuf, truncate: bool },
    /// Bytes written at an offset.
    Write {
        path: PathBuf,
        offset: u64,
        bytes: Vec<u8>,
    },
    /// Cut or grown to a length.
    Truncate { path: PathBuf, length: u64 },
    /// A file or folder synced.
    Sync { path: PathBuf },
    /// A name changed.
    Rename { from: PathBuf, to: PathBuf },
    /// A name removed.
    Unlink { path: PathBuf },
    /// A folder made.
    Mkdir { path: PathBuf },
}

/// The tracer, writing its record to a file.
pub fn strace(record: &std::path::Path) -> Command {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-xx", "-s", "2000000", "-o"])
        .arg(record)
        .args(["-e", "signal=none", "-e"])
        .arg(
            "trace=openat,creat,write,pwrite64,pwritev,writev,lseek,read,ftruncate,fallocate,\
             fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,mkdir,\
             mkdirat,copy_file_range,sendfile",
        );
    command
}

/// Reads a record. Calls that failed are left out; a call that is not understood fails the test.
pub fn parse(record: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut unfinished: BTreeMap<&str, String> = BTreeMap::new();
    let mut offsets: BTreeMap<String, u64> = BTreeMap::new();
    for line in record.lines() {
        let Some((pid, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(begin) = rest.strip_suffix("<unfinished ...>") {
            unfinished.insert(pid, begin.trim_end().to_owned());
            continue;
        }
        let joined;
        let text = if let Some(resumed) = rest.strip_prefix("<... ") {
            let end = resumed.split_once("resumed>").unwrap().1;
            joined = unfinished.remove(pid).unwrap() + end.trim_start();
            &joined
        } else {
            rest
        };
        if let Some(call) = one(text, &mut offsets) {
            calls.push(call);
        }
    }
    calls
}

fn one(text: &str, offsets: &mut BTreeMap<String, u64>) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    let returned = leading_number(result);
    let parts: Vec<&str> = arguments.split(", ").collect();
    let path = |at: usize| PathBuf::from(String::from_utf8(string(parts[at])).unwrap());
    Some(match name {
        "openat" => {
            let flags = parts[2];
            offsets.insert(described(result).0, 0);
            if !flags.contains("O_CREAT") && !flags.contains("O_TRUNC") {
                return None;
            }
            Call::Open {
                path: path(1),
                truncate: flags.contains("O_TRUNC"),
            }
        }
        "lseek" => {
            offsets.insert(described(parts[0]).0, returned);
            return None;
        }
        "read" => {
            *offsets.entry(described(parts[0]).0).or_default() += returned;
            return None;
        }
        "write" => {
            let (descriptor, path) = described(parts[0]);
            let offset = offsets.entry(descriptor).or_default();
            let at = *offset;
            *offset += returned;
            Call::Write {
                path,
                offset: at,
                bytes: written(parts[1], returned),
            }
        }
        "pwrite64" => Call::Write {
            path: described(parts[0]).1,
            offset: parts[3].parse().unwrap(),
            bytes: written(parts[1], returned),
        },
        "ftruncate" => Call::Truncate {
            path: described(parts[0]).1,
            length: parts[1].parse().unwrap(),
        },
        "fsync" | "fdatasync" => Call::Sync {
            path: described(parts[0]).1,
        },
        "rename" => Call::Rename {
            from: path(0),
            to: path(1),
        },
        "renameat" | "renameat2" => Call::Rename {
            from: path(1),
            to: path(3),
        },
        "unlink" => Call::Unlink { path: path(0) },
        "unlinkat" => Call::Unlink { path: path(1) },
        "mkdir" => Call::Mkdir { path: path(0) },
        "mkdirat" => Call::Mkdir { path: path(1) },
        other => panic!("a call that the model does not know: {other}"),
    })
}

/// The number that a result begins with; a result without one is none of interest.
fn leading_number(text: &str) -> u64 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// `5<\x2f…>`: the descriptor as a key for its offset, and its path.
fn described(text: &str) -> (String, PathBuf) {
    let (number, path) = text.trim().split_once('<').unwrap_or((text.trim(), ">"));
    let path = path.trim_end_matches('>');
    (
        number.to_owned(),
        PathBuf::from(String::from_utf8(string(path)).unwrap()),
    )
}

fn written(text: &str, count: u64) -> Vec<u8> {
    let mut bytes = string(text);
    assert!(!text.ends_with("..."), "a write was recorded in part");
    bytes.truncate(usize::try_from(count).unwrap());
    bytes
}

/// The bytes of `"\x2f\x74…"`, with or without quotes.
fn string(text: &str) -> Vec<u8> {
    let text = text.trim().trim_matches('"');
    text.split("\\x")
        .skip(1)
        .map(|digits| u8::from_str_radix(&digits[..2], 16).unwrap())
        .collect()
}
