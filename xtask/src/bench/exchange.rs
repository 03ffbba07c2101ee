//! The exchange over SOAP: `tasuki-probe load` against release binaries. Mutual TLS, an assertion
//! verified and an audit event durable for each message, sixteen connections, the client on the same
//! cores, and an empty handler with the same bytes in the same run.

use crate::failure::Done;
use crate::process::{run as end, write};
use crate::setup;
use crate::suite::Cluster;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::process::Command;

/// `cargo xtask bench registry [--entries 1000000 --seconds 10 --connections 16] [--grow]`: SQLite, and
/// PostgreSQL beside it with a tenth. With `--grow` 100,000 and 10,000,000 entries in SQLite.
pub fn registry(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let rest: Vec<OsString> = arguments
        .iter()
        .filter(|a| *a != "--grow")
        .cloned()
        .collect();
    if rest.len() < arguments.len() {
        for entries in ["100000", "10000000"] {
            let more = [&rest[..], &["--entries".into(), entries.into()]].concat();
            println!("SQLite, {entries} entries");
            load(workspace, "registry", &more)?;
        }
        return Ok(());
    }
    println!("SQLite");
    load(workspace, "registry", &rest)?;
    setup::ensure(&[setup::POSTGRES])?;
    let cluster = Cluster::durable()?;
    let file = workspace.target.join("bench/postgres");
    write(&file, cluster.url())?;
    println!("PostgreSQL, 100000 entries");
    let beside: [OsString; 4] = [
        "--postgres".into(),
        file.into_os_string(),
        "--entries".into(),
        "100000".into(),
    ];
    load(workspace, "registry", &[&rest[..], &beside].concat())
}

/// `cargo xtask bench retrieve [--seconds 10 --mebibytes 1024]`.
pub fn retrieve(workspace: &Workspace, arguments: &[OsString]) -> Done {
    load(workspace, "retrieve", arguments)
}

/// `cargo xtask bench gateway`.
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
