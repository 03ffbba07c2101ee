//! `cargo xtask check`: what to run before every commit. No network, no Node, no servers.

use crate::failure::{Done, Failure};
use crate::house::{layers, sizes, words};
use crate::process::run as end;
use crate::suite;
use crate::workspace::Workspace;
use std::ffi::OsString;

/// One named rule of the lint tier.
pub struct Rule {
    /// Its name in the report.
    pub name: &'static str,
    /// Its check.
    pub run: fn(&Workspace) -> Done,
}

/// The rules that need nothing but the toolchain.
pub const RULES: &[Rule] = &[
    Rule {
        name: "format",
        run: format,
    },
    Rule {
        name: "layers",
        run: |workspace| layers::run(workspace, &[]),
    },
    Rule {
        name: "sizes",
        run: sizes::run,
    },
    Rule {
        name: "words",
        run: words::run,
    },
    Rule {
        name: "errors",
        run: |workspace| crate::errors::run(workspace, &["--check".into()]),
    },
    Rule {
        name: "clippy",
        run: clippy,
    },
];

/// `cargo xtask check`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    for rule in RULES {
        (rule.run)(workspace)
            .map_err(|Failure(message)| Failure(format!("{}: {message}", rule.name)))?;
    }
    suite::quick(workspace)
}

fn format(workspace: &Workspace) -> Done {
    let mut fuzz = workspace.command("cargo");
    end(fuzz.args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))?;
    end(workspace.command("cargo").args(["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace) -> Done {
    let mut cargo = workspace.command("cargo");
    cargo.args([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
    ]);
    end(cargo.args(["-D", "warnings", "-D", "clippy::too_many_lines"]))
}
