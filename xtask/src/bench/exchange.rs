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

/// Entries of `--grow`: one registry that is measured at each of these.
const GROWTH: [&str; 3] = ["100000", "1000000", "10000000"];

/// `cargo xtask bench registry [--entries 1000000 --seconds 10 --connections 16] [--store sqlite|postgres]
/// [--grow]`: SQLite, and PostgreSQL beside it with a tenth, where no store is named. With `--grow` the
/// same registry with ever more entries, as far as the disk goes: what each step costs beside the first, and
/// what was left out.
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

/// One registry that grows by these sizes, as far as the disk has room.
fn growing(workspace: &Workspace, arguments: &[OsString], sizes: &[&str]) -> Done {
    match sizes {
        [] => load(workspace, "registry", arguments),
        sizes => {
            let more = ["--entries".into(), OsString::from(sizes.join(","))];
            load(workspace, "registry", &[arguments, &more].concat())
        }
    }
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
pub(super) fn free(workspace: &Workspace) -> Result<u64, Failure> {
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
