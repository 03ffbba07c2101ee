//! Power cuts after any call that reaches the disk.

use super::disk::{Disk, Rest};
use super::trace::{Call, parse, strace};
use super::work::{check, child_command, config_in, noted, number};
use crate::place::TempDir;

/// Steps of the traced child: enough for versions, deletions, objects, segments and checkpoints.
const STEPS: u32 = 60;

/// Two hundred cuts, or `TASUKI_CUTS` of them, each with a disk on which nothing, everything, or a
/// random part of what was not synced has survived.
pub fn power_cuts_keep_what_was_acknowledged() {
    let cuts = number("TASUKI_CUTS", 200) as usize;
    let seed = u64::from(number("TASUKI_SEED", 1));
    let folder = TempDir::new();
    let record = folder.0.join("record");
    let traced = child_command(Some(strace(&record)), &folder, STEPS).status();
    let ended = traced.expect("strace is needed: apt-get install strace");
    assert!(ended.success(), "the traced child failed");
    let calls = parse(&std::fs::read_to_string(&record).unwrap());
    let data = folder.0.join("data");
    let notes = folder.0.join("acknowledged");
    let ours: Vec<&Call> = calls.iter().filter(|c| touches(c, &data, &notes)).collect();
    assert!(ours.len() > 10 * STEPS as usize, "{} calls", ours.len());
    let mut disk = Disk::new(&folder.0);
    let mut acknowledged = String::new();
    let mut checked = 0;
    for (at, call) in ours.iter().enumerate() {
        match call {
            Call::Write { path, bytes, .. } if *path == notes => {
                acknowledged.push_str(std::str::from_utf8(bytes).unwrap());
            }
            call => disk.apply(call),
        }
        // Spread evenly over the record, so that every kind of moment is met.
        if (at + 1) * cuts / ours.len() == at * cuts / ours.len() {
            continue;
        }
        checked += 1;
        let rest = match checked % 4 {
            0 => Rest::Lost,
            1 => Rest::Kept,
            _ => Rest::Torn(seed.wrapping_mul(0x9e37_79b9).wrapping_add(at as u64 * 77)),
        };
        let what = format!(
            "power cut after call {at} of {} ({call:?}), {rest:?}",
            ours.len()
        );
        let copy = TempDir::new();
        disk.after_power_cut(&folder.0, &copy.0, rest);
        // Before the first acknowledgement the store need only open.
        let steps = noted(&acknowledged).unwrap_or(0);
        check(&config_in(&copy.0), steps, &brief(&what));
    }
    println!(
        "{cuts} power cuts, at {} calls: each store reopened with exactly what it had acknowledged",
        ours.len()
    );
    assert_eq!(checked, cuts);
}

fn touches(call: &Call, data: &std::path::Path, notes: &std::path::Path) -> bool {
    let path = match call {
        Call::Open { path, .. }
        | Call::Write { path, .. }
        | Call::Truncate { path, .. }
        | Call::Sync { path }
        | Call::Unlink { path }
        | Call::Mkdir { path } => path,
        Call::Rename { to, .. } => to,
    };
    // The folder above is synced when the data folder is made.
    path.starts_with(data) || path == notes || Some(path.as_path()) == data.parent()
}

/// A call with a page of bytes in it does not help whoever reads the failure.
fn brief(what: &str) -> String {
    let head: String = what.chars().take(160).collect();
    let tail: String = what.chars().rev().take(40).collect();
    format!("{head} … {}", tail.chars().rev().collect::<String>())
}
