//! What a decision of the policy costs, and filtering a long list, beside the list passed on undecided; and
//! verifying an assertion, beside its bare signature.

use crate::failure::Done;
use crate::process::run as end;
use crate::workspace::Workspace;
use std::ffi::OsString;

/// `cargo xtask bench policy`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    example(workspace, "tasuki-core", "policy")
}

/// `cargo xtask bench assertion`.
pub fn assertion(workspace: &Workspace, _: &[OsString]) -> Done {
    example(workspace, "tasuki-wire", "assertion")
}

fn example(workspace: &Workspace, package: &str, name: &str) -> Done {
    let mut cargo = workspace.command("cargo");
    end(cargo
        .args(["run", "--quiet", "--release", "--locked"])
        .args(["--package", package, "--example", name]))
}
