//! The machine: processor, memory, kernel, and how many syncs a second its disk gives.

use crate::failure::{Done, Failure};
use crate::process::{output, read};
use crate::workspace::Workspace;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Prints it.
pub fn describe(workspace: &Workspace) -> Done {
    let (date, commit) = crate::fuzz::stamp(workspace)?;
    let cpu = read(Path::new("/proc/cpuinfo"))?;
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("")
        .trim_start_matches(['\t', ':', ' ']);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = read(Path::new("/proc/meminfo"))?;
    let memory = memory
        .lines()
        .next()
        .unwrap_or("")
        .trim_start_matches("MemTotal:")
        .trim()
        .to_owned();
    let kernel = output(Command::new("uname").arg("-sr"))?;
    let load = read(Path::new("/proc/loadavg"))?;
    println!(
        "{date} {commit}: {model}, {cores} cores, {memory}, {}",
        kernel.trim()
    );
    println!(
        "load {}, fdatasync {:.0}/s",
        load.split(' ').next().unwrap_or(""),
        syncs(workspace)?
    );
    Ok(())
}

/// 4 KiB appended and synced, again and again for a second.
fn syncs(workspace: &Workspace) -> Result<f64, Failure> {
    let path = workspace.target.join("bench-sync");
    let fault = |error: std::io::Error| Failure::io(path.display(), &error);
    let mut file = File::create(&path).map_err(fault)?;
    let (start, mut count) = (Instant::now(), 0.0);
    while start.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096])
            .and_then(|()| file.sync_data())
            .map_err(fault)?;
        count += 1.0;
    }
    let rate = count / start.elapsed().as_secs_f64();
    std::fs::remove_file(&path).map_err(fault)?;
    Ok(rate)
}

/// A figure of `/proc/<pid>/status` in MiB: `VmRSS`, `VmHWM`.
pub fn memory(pid: u32, key: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(key))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
