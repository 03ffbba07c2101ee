//! Search of the audit trail by patient and by user, over so many events that were appended and indexed as
//! a node does it.

use crate::failure::{Done, Failure, fail};
use crate::process::run as end;
use crate::workspace::Workspace;
use std::ffi::OsString;

/// Bytes of disk that an event takes with its indexes, and the log beside it.
const EVENT_BYTES: u64 = 1_500;

/// `cargo xtask bench audit [--events 10000000]`. Checks the disk before and cleans up after.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let events = match arguments {
        [] => "10000000",
        [flag, count] if flag == "--events" => count.to_str().unwrap_or_default(),
        _ => fail!("bench audit [--events N]"),
    };
    let count: u64 = events
        .parse()
        .map_err(|error| Failure(format!("--events {events}: {error}")))?;
    let (needed, free) = (
        count.saturating_mul(EVENT_BYTES),
        super::exchange::free(workspace)?,
    );
    if free < needed {
        let (needed, free) = (needed >> 30, free >> 30);
        fail!("{events} events need up to {needed} GiB of disk; {free} GiB are free");
    }
    let folder = workspace.target.join("bench/audit");
    let clean = || match folder.exists() {
        true => std::fs::remove_dir_all(&folder).map_err(|e| Failure::io(folder.display(), &e)),
        false => Ok(()),
    };
    clean()?;
    println!("{events} events");
    let mut cargo = workspace.command("cargo");
    cargo.args(["run", "--quiet", "--release", "--locked"]);
    cargo.args(["--package", "tasuki-store", "--example", "audit", "--"]);
    let ended = end(cargo.arg(&folder).arg(events));
    clean()?;
    ended
}
