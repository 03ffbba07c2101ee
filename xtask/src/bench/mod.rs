//! `cargo xtask bench <name>`: one measurement, printed with the machine it ran on.
//!
//! Each figure stands beside a floor or a peer of the same run, because a number without one
//! says more about the machine than about us.

mod audit;
mod chart;
mod emergency;
mod exchange;
pub(crate) mod http;
mod identity;
mod import;
mod machine;
mod node;
mod parse;
mod pix;
mod policy;
mod portal;
#[path = "../../../crates/tasuki-probe/src/relay.rs"]
mod relay;
mod signin;
mod watch;
mod withdrawal;

use crate::failure::{Done, Failure, fail};
use crate::process::{output, run as end};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

type Bench = fn(&Workspace, &[OsString]) -> Done;

const BENCHES: [(&str, Bench); 17] = [
    ("parse", parse::run),
    ("import", import::run),
    ("portal", portal::run),
    ("node", node::run),
    ("identity", identity::run),
    ("pix", pix::run),
    ("policy", policy::run),
    ("assertion", policy::assertion),
    ("audit", audit::run),
    ("signin", signin::run),
    ("withdrawal", withdrawal::run),
    ("emergency", emergency::run),
    ("watch", watch::run),
    ("registry", exchange::registry),
    ("retrieve", exchange::retrieve),
    ("gateway", exchange::gateway),
    ("chart", chart::run),
];

/// `cargo xtask bench parse|import|portal|node|identity|pix|policy|assertion|audit|signin|withdrawal|emergency|watch|registry|retrieve|gateway|chart`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let name = arguments
        .first()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let Some((_, bench)) = BENCHES.iter().find(|(known, _)| *known == name) else {
        let names = BENCHES.map(|(name, _)| name).join(", ");
        fail!("which? {names}");
    };
    machine::describe(workspace)?;
    bench(workspace, arguments.get(1..).unwrap_or_default())
}

/// The release binaries of node and test kit.
fn programs(workspace: &Workspace) -> Result<PathBuf, Failure> {
    // Without them the portal is built without style and script.
    crate::assets::run(workspace, &[])?;
    let mut cargo = workspace.command("cargo");
    end(cargo.args([
        "build",
        "--quiet",
        "--release",
        "--locked",
        "--package",
        "tasuki",
        "--package",
        "tasuki-testkit",
    ]))?;
    Ok(workspace.target.join("release"))
}

/// A corpus of so many files, made once: (folder, root of its storage).
fn corpus(
    workspace: &Workspace,
    programs: &Path,
    files: usize,
    arguments: &[&str],
) -> Result<PathBuf, Failure> {
    let folder = workspace
        .target
        .join(format!("bench/corpus-{files}{}", arguments.concat()));
    let done = folder.with_extension("done");
    if !done.exists() {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .map_err(|error| Failure::io(folder.display(), &error))?;
        }
        println!("writing a corpus of {files} files, once");
        let mut testkit = Command::new(programs.join("tasuki-testkit"));
        testkit
            .args(["corpus", "--files", &files.to_string()])
            .args(arguments)
            .arg("--out")
            .arg(&folder);
        end(&mut testkit)?;
        crate::process::write(&done, "")?;
    }
    Ok(folder.join("1311234567_STD"))
}

/// A data folder made anew, with the corpus's hospital registered.
fn data(
    workspace: &Workspace,
    programs: &Path,
    name: &str,
    health: &str,
    portal: &str,
) -> Result<PathBuf, Failure> {
    let data = workspace.target.join("bench").join(name);
    if data.exists() {
        std::fs::remove_dir_all(&data).map_err(|error| Failure::io(data.display(), &error))?;
    }
    let tasuki = |arguments: &[&str]| {
        output(
            Command::new(programs.join("tasuki"))
                .args(arguments)
                .arg("--data")
                .arg(&data),
        )
        .map(|_| ())
    };
    tasuki(&[
        "init", "--name", "bench", "--portal", portal, "--health", health,
    ])?;
    tasuki(&[
        "facility",
        "add",
        "1311234567",
        "--name",
        "架空総合病院",
        "--short",
        "架空総合",
        "--badge",
        "架空",
    ])?;
    Ok(data)
}
