//! The machine, and what its disk can do: without these no figure says anything.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Prints processor, memory, kernel, and the floor of every durable write: fdatasync a second.
pub fn describe(dir: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(dir)?;
    let cpus = fs::read_to_string("/proc/cpuinfo")?;
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .and_then(|rest| rest.split(": ").nth(1))
        .unwrap_or("unknown");
    let cores = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let memory = fs::read_to_string("/proc/meminfo")?;
    let memory = memory.lines().next().unwrap_or_default();
    println!(
        "machine: {model}, {cores} cores, {memory}, Linux {}",
        kernel.trim()
    );
    println!(
        "fdatasync: {:.0}/s (8 KiB appended each time)",
        fdatasync(dir)?
    );
    Ok(())
}

fn fdatasync(dir: &Path) -> Result<f64, Box<dyn Error>> {
    let path = dir.join("fdatasync.tmp");
    let mut file = File::create(&path)?;
    let page = [0u8; 8192];
    let began = Instant::now();
    let mut count = 0u32;
    while began.elapsed() < Duration::from_secs(2) {
        file.write_all(&page)?;
        file.sync_data()?;
        count += 1;
    }
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(rate)
}

/// Resident memory now and at its highest, in MB.
pub fn memory() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let read = |name: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|kb| kb.parse::<u64>().ok())
            .map_or(0, |kb| kb / 1024)
    };
    (read("VmRSS:"), read("VmHWM:"))
}

/// Processor seconds of this process so far: in user code, and in the kernel.
pub fn processor() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = after.split_whitespace().skip(11);
    let mut next = || {
        fields
            .next()
            .and_then(|ticks| ticks.parse::<f64>().ok())
            .unwrap_or_default()
            / 100.0
    };
    (next(), next())
}

/// Empties the page cache; false where that is not allowed.
pub fn empty_cache() -> bool {
    rustix::fs::sync();
    File::options()
        .write(true)
        .open("/proc/sys/vm/drop_caches")
        .and_then(|file| file.write_at(b"3", 0))
        .is_ok()
}
