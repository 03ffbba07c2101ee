//! `cargo xtask soak <name>`: long runs, written down in docs/soak.md with date, commit and seed.

use crate::failure::{Done, Failure, fail};
use crate::fuzz::{Fuzzing, TARGETS, stamp};
use crate::process::{read, write};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::fmt::Write;

const HEAD: &str = "# Long runs

Written by `cargo xtask soak`. Anyone can repeat a line: same commit, same seed.

| date | commit | run | seed | seconds | result |
|---|---|---|---|---|---|
";

/// `cargo xtask soak fuzz [--seconds 600] [--seed S] [--target T]`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    use lexopt::prelude::{Long, Value, ValueExt};
    let (mut name, mut only) = (String::new(), String::new());
    let (mut seconds, mut seed) = (600_u64, 1_u64);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) => name = word.string()?,
            Long("seconds") => seconds = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            Long("target") => only = parser.value()?.string()?,
            other => fail!("{}", other.unexpected()),
        }
    }
    match name.as_str() {
        "fuzz" => fuzz(workspace, &only, seconds, seed),
        _ => fail!("which run? fuzz"),
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
