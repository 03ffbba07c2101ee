//! What a decision of the policy costs, and filtering a long list, beside the list passed on undecided.

use crate::failure::Done;
use crate::process::run as end;
use crate::workspace::Workspace;
use std::ffi::OsString;

/// `cargo xtask bench policy`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    let mut cargo = workspace.command("cargo");
    end(cargo.args([
        "run",
        "--quiet",
        "--release",
        "--locked",
        "--package",
        "tasuki-core",
        "--example",
        "policy",
    ]))
}
