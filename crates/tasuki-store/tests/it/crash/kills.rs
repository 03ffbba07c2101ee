//! Kills at random moments.

use super::work::{check, child_command, config_in, noted, number};
use crate::place::TempDir;
use std::os::unix::process::ExitStatusExt;

/// Steps that a child would do if it were let alone: more than it ever gets to.
const STEPS: u32 = 1_500;

/// Five kills, or `TASUKI_KILLS` of them.
pub fn killed_processes_keep_what_they_acknowledged() {
    let kills = number("TASUKI_KILLS", 5);
    let mut dice = u64::from(number("TASUKI_SEED", 1)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut part_way = 0;
    for kill in 0..kills {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let folder = TempDir::new();
        let mut child = child_command(None, &folder, STEPS).spawn().unwrap();
        // Not by the clock but by how far it has come, so that a slow machine tests the same.
        let target = 1 + (dice % 60) as usize;
        let notes = folder.0.join("acknowledged");
        let mut seen = 0;
        while seen < target && child.try_wait().unwrap().is_none() {
            seen = std::fs::read(&notes).map_or(0, |n| n.iter().filter(|b| **b == b'\n').count());
            std::thread::yield_now();
        }
        child.kill().unwrap();
        assert_eq!(
            child.wait().unwrap().signal(),
            Some(9),
            "it ended before its kill"
        );
        let noted = noted(&std::fs::read_to_string(&notes).unwrap()).unwrap();
        part_way += u32::from(noted > 0);
        check(&config_in(&folder.0), noted, &format!("kill {kill}"));
    }
    println!("{kills} kills, each store reopened with exactly what it had acknowledged");
    assert!(part_way > 0, "no kill came while the child was at work");
}
