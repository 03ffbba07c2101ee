//! `cargo xtask soak <name>`: long runs, written down in docs/soak.md with date, commit and seed.

use crate::failure::{Done, Failure, fail};
use crate::fuzz::{Fuzzing, TARGETS, stamp};
use crate::process::{follow, read, write};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::fmt::Write;
use std::time::Instant;

const HEAD: &str = "# Long runs

Written by `cargo xtask soak`. Anyone can repeat a line: same commit, same seed.

| date | commit | run | seed | seconds | result |
|---|---|---|---|---|---|
";

/// `cargo xtask soak fuzz [--seconds 600] [--seed S] [--target T]` or `soak kills|cuts [--points 50]`,
/// or `soak chaos [--seconds 300]`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    use lexopt::prelude::{Long, Value, ValueExt};
    let (mut name, mut only) = (String::new(), String::new());
    let (mut seconds, mut seed, mut points) = (None, 1_u64, 50_u64);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) => name = word.string()?,
            Long("seconds") => seconds = Some(parser.value()?.parse()?),
            Long("points") => points = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            Long("target") => only = parser.value()?.string()?,
            other => fail!("{}", other.unexpected()),
        }
    }
    match name.as_str() {
        "fuzz" => fuzz(workspace, &only, seconds.unwrap_or(600), seed),
        "kills" => crash(workspace, &KILLS, points, seed),
        "cuts" => crash(workspace, &CUTS, points, seed),
        "chaos" => crash(workspace, &CHAOS, seconds.unwrap_or(300), seed),
        _ => fail!("which run? fuzz, kills, cuts, chaos"),
    }
}

fn fuzz(workspace: &Workspace, only: &str, seconds: u64, seed: u64) -> Done {
    let fuzzing = Fuzzing::prepare(workspace)?;
    let mut broken = Vec::new();
    for (target, _) in TARGETS
        .iter()
        .filter(|(target, _)| only.is_empty() || *target == only)
    {
        let result = match fuzzing.run(target, seconds, seed) {
            Ok(tried) => format!("{tried} inputs, none broke it"),
            Err(Failure(message)) => {
                broken.push(message.clone());
                message
            }
        };
        record(workspace, &format!("fuzz {target}"), seed, seconds, &result)?;
    }
    if !broken.is_empty() {
        fail!("{}", broken.join("; "));
    }
    Ok(())
}

/// Tests that break something off at chance moments, with more of them than the everyday run has.
struct Crashes {
    run: &'static str,
    packages: &'static [&'static str],
    filter: &'static str,
    /// What says how many.
    points: &'static str,
}

const KILLS: Crashes = Crashes {
    run: "kills",
    packages: &["tasuki", "tasuki-store"],
    filter: "kills",
    points: "TASUKI_KILLS",
};

const CUTS: Crashes = Crashes {
    run: "power cuts",
    packages: &["tasuki-store"],
    filter: "power_cuts",
    points: "TASUKI_CUTS",
};

/// Lines between four nodes cut, slowed and corrupted, for so many seconds.
const CHAOS: Crashes = Crashes {
    run: "seconds of chaos",
    packages: &["tasuki"],
    filter: "chaos",
    points: "TASUKI_CHAOS_SECONDS",
};

fn crash(workspace: &Workspace, crashes: &Crashes, points: u64, seed: u64) -> Done {
    let mut cargo = workspace.command("cargo");
    cargo.args(["test", "--locked"]);
    for package in crashes.packages {
        cargo.args(["--package", package]);
    }
    cargo.args(["--test", "it", crashes.filter, "--", "--nocapture"]);
    cargo
        .env(crashes.points, points.to_string())
        .env("TASUKI_SEED", seed.to_string());
    let (start, mut said) = (Instant::now(), Vec::new());
    let ended_well = follow(&cargo, |line| {
        if line.contains(&format!(" {}, ", crashes.run)) {
            said.push(line.to_owned());
        }
    })?;
    let result = if ended_well {
        said.join("; ")
    } else {
        "FAILED".to_owned()
    };
    let seconds = start.elapsed().as_secs();
    record(workspace, crashes.run, seed, seconds, &result)?;
    if !ended_well {
        fail!("what was acknowledged was not there, or more than that was");
    }
    Ok(())
}

fn record(workspace: &Workspace, run: &str, seed: u64, seconds: u64, result: &str) -> Done {
    let path = workspace.root.join("docs/soak.md");
    let mut page = if path.exists() {
        read(&path)?
    } else {
        HEAD.to_owned()
    };
    let (date, commit) = stamp(workspace)?;
    let _ = writeln!(
        page,
        "| {date} | {commit} | {run} | {seed} | {seconds} | {result} |"
    );
    println!("{run}: {result}");
    write(&path, page)
}
