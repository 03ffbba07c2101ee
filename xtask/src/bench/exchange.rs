//! The exchange over SOAP: `tasuki-probe load` against release binaries. Mutual TLS, an assertion
//! verified and an audit event durable for each message, sixteen connections, the client on the same
//! cores, and an empty handler with the same bytes in the same run.

use crate::failure::{Done, Failure, fail};
use crate::process::{output, run as end, write};
use crate::setup;
use crate::suite::Cluster;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::process::Command;

/// Entries of `--grow`, one run each.
const GROWTH: [&str; 3] = ["100000", "1000000", "10000000"];
/// Bytes of disk that an entry may take, with all that comes with it.
const ENTRY_BYTES: u64 = 8 * 1024;

/// `cargo xtask bench registry [--entries 1000000 --seconds 10 --connections 16] [--store sqlite|postgres]
/// [--grow]`: SQLite, and PostgreSQL beside it with a tenth, where no store is named. With `--grow` the
/// same with ever more entries, as far as the disk goes; what was left out is said.
pub fn registry(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let (mut rest, mut store, mut grow) = (Vec::new(), None, false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--grow") => grow = true,
            Some("--store") => store = words.next().and_then(|name| name.to_str()),
            _ => rest.push(word.clone()),
        }
    }
    let sizes = if grow { GROWTH.as_slice() } else { &[] };
    match store {
        Some("postgres") => return beside(workspace, &rest, sizes),
        Some("sqlite") | None => {}
        Some(other) => fail!("--store {other}: sqlite or postgres"),
    }
    println!("SQLite");
    growing(workspace, &rest, sizes)?;
    if grow || store.is_some() {
        return Ok(());
    }
    let tenth = ["--entries".into(), "100000".into()];
    beside(workspace, &[&rest[..], &tenth].concat(), sizes)
}

/// One run, or one for each size that the disk has room for.
fn growing(workspace: &Workspace, arguments: &[OsString], sizes: &[&str]) -> Done {
    if sizes.is_empty() {
        return load(workspace, "registry", arguments);
    }
    for entries in sizes {
        let needed = entries
            .parse()
            .unwrap_or(u64::MAX)
            .saturating_mul(ENTRY_BYTES);
        let free = free(workspace)?;
        println!("{entries} entries");
        if free < needed {
            let (needed, free) = (needed >> 30, free >> 30);
            println!("left out: up to {needed} GiB of disk are needed, {free} GiB are free");
            continue;
        }
        let more = ["--entries".into(), OsString::from(entries)];
        load(workspace, "registry", &[arguments, &more].concat())?;
    }
    Ok(())
}

/// The same on PostgreSQL, which is started for it with its usual durability.
fn beside(workspace: &Workspace, arguments: &[OsString], sizes: &[&str]) -> Done {
    setup::ensure(&[setup::POSTGRES])?;
    let cluster = Cluster::durable()?;
    let file = workspace.target.join("bench/postgres");
    write(&file, cluster.url())?;
    println!("PostgreSQL");
    let beside = ["--postgres".into(), file.into_os_string()];
    growing(workspace, &[arguments, &beside].concat(), sizes)
}

/// Bytes that are free where the data goes.
fn free(workspace: &Workspace) -> Result<u64, Failure> {
    let mut df = Command::new("df");
    let said = output(df.args(["--output=avail", "-B1"]).arg(&workspace.target))?;
    let last = said.lines().last().unwrap_or_default().trim();
    last.parse()
        .map_err(|error| Failure(format!("df: {error}")))
}

/// `cargo xtask bench retrieve [--seconds 10 --mebibytes 1024]`.
pub fn retrieve(workspace: &Workspace, arguments: &[OsString]) -> Done {
    load(workspace, "retrieve", arguments)
}

/// `cargo xtask bench gateway [--latency MS]`.
pub fn gateway(workspace: &Workspace, arguments: &[OsString]) -> Done {
    load(workspace, "gateway", arguments)
}

fn load(workspace: &Workspace, what: &str, arguments: &[OsString]) -> Done {
    setup::ensure(&[setup::OPENSSL, setup::XMLSEC])?;
    let mut cargo = workspace.command("cargo");
    cargo.args(["build", "--quiet", "--release", "--locked"]);
    end(cargo.args(["--package", "tasuki", "--package", "tasuki-probe"]))?;
    let programs = workspace.target.join("release");
    let mut probe = Command::new(programs.join("tasuki-probe"));
    probe.args(["load", what, "--program"]);
    probe.arg(programs.join("tasuki")).arg("--folder");
    end(probe
        .arg(workspace.target.join("bench").join(what))
        .args(arguments))
}
