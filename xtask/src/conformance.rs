//! `cargo xtask conformance`: the plans of the NIST XDS toolkit against a running node of this commit,
//! told in docs/conformance/plans.md. With `--check` nothing is written: what that file says passes has
//! to pass. The runner is `tasuki-probe`, which has none of Tasuki's code.

use crate::failure::Done;
use crate::process::run as end;
use crate::setup;
use crate::workspace::Workspace;
use std::ffi::OsString;

/// The file that is written.
const REPORT: &str = "docs/conformance/plans.md";

/// `cargo xtask conformance [--check] [--only WORD]`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    setup::ensure(&[setup::OPENSSL, setup::XMLLINT, setup::XMLSEC])?;
    let mut cargo = workspace.command("cargo");
    end(cargo.args([
        "build",
        "--quiet",
        "--locked",
        "--package",
        "tasuki",
        "--package",
        "tasuki-probe",
    ]))?;
    let programs = workspace.target.join("debug");
    let mut probe = workspace.command(&programs.join("tasuki-probe").to_string_lossy());
    probe
        .arg("plans")
        .arg("--program")
        .arg(programs.join("tasuki"));
    probe.args(["--kit", "../shared/data/ihe"]);
    probe
        .arg("--folder")
        .arg(workspace.target.join("conformance"));
    if !arguments.iter().any(|argument| argument == "--only") {
        probe.args(["--report", REPORT]);
    }
    end(probe.args(arguments))
}

/// Whether the runner finds each defect of a node that is known to be bad.
pub fn faults(workspace: &Workspace) -> Done {
    let programs = workspace.target.join("debug");
    let mut probe = workspace.command(&programs.join("tasuki-probe").to_string_lossy());
    probe
        .arg("faults")
        .arg("--program")
        .arg(programs.join("tasuki"));
    probe.args(["--kit", "../shared/data/ihe"]);
    end(probe.arg("--folder").arg(workspace.target.join("faults")))
}
