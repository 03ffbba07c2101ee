//! Rust tests: by cargo-nextest where it is installed, else by `cargo test`.
//!
//! Always over the whole workspace with a filter, never `-p`: another selection means other
//! features, and then everything is built once more.

use super::cases::{Cases, libtest, nextest};
use crate::failure::{Done, fail};
use crate::process::{find, follow, run as end};
use crate::workspace::Workspace;

/// Where store tests find their PostgreSQL.
const URL: &str = "TASUKI_TEST_POSTGRES";

/// Builds every test.
pub fn build(workspace: &Workspace) -> Done {
    let mut cargo = workspace.command("cargo");
    if find("cargo-nextest").is_some() {
        cargo.args(["nextest", "run", "--workspace", "--locked", "--no-run"]);
    } else {
        cargo.args(["test", "--workspace", "--locked", "--no-run"]);
    }
    end(&mut cargo)
}

/// Runs the tests of `packages`.
pub fn run(
    workspace: &Workspace,
    packages: &[&str],
    cases: &mut Cases,
    postgres: Option<&str>,
) -> Done {
    if packages.is_empty() {
        return Ok(());
    }
    if find("cargo-nextest").is_none() {
        return packages
            .iter()
            .try_for_each(|package| plain(workspace, package, cases, postgres));
    }
    let filter: Vec<String> = packages
        .iter()
        .map(|package| format!("package(={package})"))
        .collect();
    let mut cargo = workspace.command("cargo");
    cargo.args([
        "nextest",
        "run",
        "--workspace",
        "--locked",
        "--no-fail-fast",
        "--no-tests=pass",
    ]);
    cargo.args([
        "--color=never",
        "--show-progress=none",
        "--status-level=all",
        "--final-status-level=fail",
    ]);
    cargo.arg("--filterset").arg(filter.join(" + "));
    if let Some(url) = postgres {
        cargo.env(URL, url);
    }
    let before = cases.failed.len();
    let ended_well = follow(&cargo, |line| {
        if let Some((name, passed)) = nextest(line) {
            cases.note(name, passed);
        }
    })?;
    if !ended_well && cases.failed.len() == before {
        fail!("cargo nextest did not end well");
    }
    Ok(())
}

/// Runs the examples in the documentation, among them those that must not compile.
pub fn documentation(workspace: &Workspace, cases: &mut Cases) -> Done {
    let mut cargo = workspace.command("cargo");
    cargo.args([
        "test",
        "--workspace",
        "--locked",
        "--doc",
        "--no-fail-fast",
        "--color=never",
    ]);
    let before = cases.failed.len();
    let ended_well = follow(&cargo, |line| {
        if let Some((name, passed)) = libtest(line) {
            cases.note(format!("doc::{name}"), passed);
        }
    })?;
    if !ended_well && cases.failed.len() == before {
        fail!("cargo test --doc did not end well");
    }
    Ok(())
}

fn plain(workspace: &Workspace, package: &str, cases: &mut Cases, postgres: Option<&str>) -> Done {
    let mut cargo = workspace.command("cargo");
    cargo.args([
        "test",
        "--package",
        package,
        "--locked",
        // The unit tests of libraries and programs, and the integration binary.
        "--tests",
        "--no-fail-fast",
    ]);
    cargo.arg("--color=never");
    if let Some(url) = postgres {
        cargo.env(URL, url);
    }
    let before = cases.failed.len();
    let mut binary = String::new();
    let ended_well = follow(&cargo, |line| {
        if line.trim_start().starts_with("Running ") {
            binary = if line.contains("tests/it/") {
                "it::".to_owned()
            } else {
                String::new()
            };
        }
        if let Some((name, passed)) = libtest(line) {
            cases.note(format!("{package}::{binary}{name}"), passed);
        }
    })?;
    if !ended_well && cases.failed.len() == before {
        fail!("cargo test --package {package} did not end well");
    }
    Ok(())
}
