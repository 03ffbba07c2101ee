//! A node on the demo's data: how soon it is live, how much memory it holds when idle.

use super::http::ask;
use super::machine::memory;
use super::programs;
use crate::demo::{Community, Order};
use crate::failure::{Done, Failure, fail};
use crate::process::free_port;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STARTS: usize = 9;

/// `cargo xtask bench node`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    let programs = programs(workspace)?;
    let folder = workspace.target.join("bench/node");
    let order = Order {
        seed: "1".to_owned(),
        persons: "300".to_owned(),
        port: free_port()?,
        heavy: 0,
        behind: None,
    };
    drop(Community::make(&programs, &folder, &order)?);
    let config = crate::process::read(&folder.join("data/tasuki.toml"))?;
    let table: toml::Table = config
        .parse()
        .map_err(|error| Failure(format!("tasuki.toml: {error}")))?;
    let health = table
        .get("health")
        .and_then(|health| health.get("listen"))
        .and_then(toml::Value::as_str);
    let Some(health) = health else {
        fail!("tasuki.toml names no health address")
    };
    let mut live = Vec::new();
    let mut idle = 0.0;
    for round in 0..STARTS {
        let start = Instant::now();
        let mut tasuki = Command::new(programs.join("tasuki"));
        tasuki
            .args(["serve", "--data"])
            .arg(folder.join("data"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = tasuki
            .spawn()
            .map_err(|error| Failure::io("tasuki", &error))?;
        while !ask(health, "/live", "", None).is_ok_and(|answer| answer.status == 200) {
            if start.elapsed() > Duration::from_secs(20) {
                fail!("the node is not live after 20 seconds");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        live.push(start.elapsed().as_secs_f64() * 1000.0);
        if round + 1 == STARTS {
            std::thread::sleep(Duration::from_secs(10));
            idle = memory(child.id(), "VmRSS").unwrap_or(f64::NAN);
        }
        crate::process::output(Command::new("kill").arg(child.id().to_string()))?;
        child
            .wait()
            .map_err(|error| Failure::io("tasuki", &error))?;
    }
    live.sort_by(f64::total_cmp);
    let at = |n: usize| live.get(n).copied().unwrap_or(f64::NAN);
    println!(
        "live after {:.0} ms (median of {STARTS} starts; slowest {:.0} ms)",
        at(STARTS / 2),
        at(STARTS - 1)
    );
    println!("resident {idle:.0} MiB, ten seconds idle, on the demo of 300 people");
    Ok(())
}
