//! The calendar of a patient with 5,000 documents among 1,000,000, at 50 requests a second.
//!
//! Requests start by the clock and not when the one before has ended: a slow answer makes the
//! next one late in the figures too. `--files N`, `--rate R`, `--seconds S`, `--keep` (the data
//! of a former run).

use super::http::{ask, page, sign_in};
use super::machine::memory;
use super::{corpus, data, programs};
use crate::failure::{Done, Failure, fail};
use crate::process::{free_port, output, run as end, write};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub(super) const PASSWORD: &str = "bench-password-2026";
/// The first patient of the corpus is the one with many documents.
pub(super) const HEAVY: &str = "0000000001";

struct Load {
    files: usize,
    rate: u32,
    seconds: u32,
    keep: bool,
}

/// `cargo xtask bench portal`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    use lexopt::prelude::{Long, ValueExt};
    let mut load = Load {
        files: 1_000_000,
        rate: 50,
        seconds: 30,
        keep: false,
    };
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("files") => load.files = parser.value()?.parse()?,
            Long("rate") => load.rate = parser.value()?.parse()?,
            Long("seconds") => load.seconds = parser.value()?.parse()?,
            Long("keep") => load.keep = true,
            other => fail!("{}", other.unexpected()),
        }
    }
    let programs = programs(workspace)?;
    let (portal, health) = (
        format!("127.0.0.1:{}", free_port()?),
        format!("127.0.0.1:{}", free_port()?),
    );
    let folder = workspace.target.join("bench/portal");
    if !(load.keep && folder.exists()) {
        fill(workspace, &programs, &load, &portal, &health)?;
    }
    let (mut node, portal) = serve(&programs, &folder)?;
    let measured = measure(&portal, &load);
    println!(
        "resident {:.0} MiB after the load",
        memory(node.id(), "VmRSS").unwrap_or(f64::NAN)
    );
    output(Command::new("kill").arg(node.id().to_string()))?;
    node.wait().map_err(|error| Failure::io("tasuki", &error))?;
    measured
}

fn fill(workspace: &Workspace, programs: &Path, load: &Load, portal: &str, health: &str) -> Done {
    let persons = (load.files / 100).max(10).to_string();
    let root = corpus(
        workspace,
        programs,
        load.files,
        &["--heavy", "5000", "--persons", &persons],
    )?;
    let data = data(workspace, programs, "portal", health, portal)?;
    end(Command::new(programs.join("tasuki"))
        .args(["import", "ss-mix2"])
        .arg(root)
        .args(["--facility", "1311234567", "--data"])
        .arg(&data))?;
    user(programs, &data)
}

/// A physician of the corpus's hospital, `bench`.
pub(super) fn user(programs: &Path, data: &Path) -> Done {
    let file = data.join("bench-password");
    write(&file, PASSWORD)?;
    let mut tasuki = Command::new(programs.join("tasuki"));
    tasuki.args([
        "user",
        "add",
        "bench",
        "--person",
        "計測",
        "--role",
        "physician",
        "--facility",
        "1311234567",
        "--unchecked",
        "--password-file",
    ]);
    output(tasuki.arg(&file).arg("--data").arg(data)).map(|_| ())
}

/// Starts the node; its addresses are those of its configuration.
pub(super) fn serve(programs: &Path, folder: &Path) -> Result<(Child, String), Failure> {
    let config = crate::process::read(&folder.join("tasuki.toml"))?;
    let table: toml::Table = config
        .parse()
        .map_err(|error| Failure(format!("tasuki.toml: {error}")))?;
    let address = |part: &str| {
        let listen = table
            .get(part)
            .and_then(|part| part.get("listen"))
            .and_then(toml::Value::as_str);
        listen
            .map(str::to_owned)
            .ok_or_else(|| Failure(format!("tasuki.toml: no address of {part}")))
    };
    let (portal, health) = (address("portal")?, address("health")?);
    let mut tasuki = Command::new(programs.join("tasuki"));
    tasuki
        .args(["serve", "--data"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = tasuki
        .spawn()
        .map_err(|error| Failure::io("tasuki", &error))?;
    let start = Instant::now();
    while !ask(&health, "/ready", "", None).is_ok_and(|answer| answer.status == 200) {
        if start.elapsed() > Duration::from_secs(30) {
            fail!("the node is not ready after 30 seconds");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok((child, portal))
}

/// The address of the calendar of [`HEAVY`].
pub(super) fn chart(portal: &str, cookie: &str) -> Result<String, Failure> {
    let found = page(portal, &format!("/patients?id={HEAVY}"), cookie)?;
    let chart = found
        .split('"')
        .find(|word| word.starts_with("/patients/") && word.ends_with("/calendar"));
    chart
        .map(str::to_owned)
        .ok_or_else(|| Failure(format!("no chart of {HEAVY}")))
}

fn measure(portal: &str, load: &Load) -> Done {
    let cookie = sign_in(portal, "bench", PASSWORD)?;
    let chart = &chart(portal, &cookie)?;
    let first = ask(portal, chart, &cookie, None)?;
    println!(
        "first page: {} bytes on the wire with its head, status {}",
        first.head.len() + first.body.len(),
        first.status
    );
    let every = Duration::from_secs(1) / load.rate;
    let times = Mutex::new(Vec::new());
    let start = Instant::now();
    std::thread::scope(|scope| {
        for n in 0..load.rate * load.seconds {
            let due = start + every * n;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let (times, cookie) = (&times, &cookie);
            scope.spawn(move || {
                let well =
                    ask(portal, chart, cookie, None).is_ok_and(|answer| answer.status == 200);
                // From when it was due, so that a queue on our side counts as well.
                let took = due.elapsed().as_secs_f64() * 1000.0;
                if let Ok(mut times) = times.lock() {
                    times.push((well, took));
                }
            });
        }
    });
    let times = times.into_inner().unwrap_or_default();
    let failed = times.iter().filter(|(well, _)| !well).count();
    let mut times: Vec<f64> = times
        .into_iter()
        .filter(|(well, _)| *well)
        .map(|(_, took)| took)
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .copied()
            .unwrap_or(f64::NAN)
    };
    println!(
        "calendar at {}/s for {} s: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, {failed} failed",
        load.rate,
        load.seconds,
        at(50),
        at(95),
        at(99)
    );
    if failed > 0 {
        fail!("{failed} requests failed");
    }
    Ok(())
}
