//! `cargo xtask assets`: style sheets and scripts from `web/` to `<target>/web`.
//!
//! The only place that runs npm. Its products are embedded by tasuki-web's build script and
//! are never committed.

use crate::failure::{Done, Failure};
use crate::process::run as end;
use crate::setup::node;
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::Path;
use std::time::SystemTime;

/// `cargo xtask assets`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    packages(workspace)?;
    let mut build = workspace.command("node");
    end(build.arg("web/build.mjs").arg(workspace.web()))
}

/// `npm ci`, unless node_modules is younger than the lock file.
pub fn packages(workspace: &Workspace) -> Done {
    node()?;
    let lock = changed(&workspace.root.join("package-lock.json"))?;
    let installed = changed(&workspace.root.join("node_modules/.package-lock.json"));
    if installed.is_ok_and(|installed| installed >= lock) {
        return Ok(());
    }
    let mut npm = workspace.command("npm");
    end(npm.args(["ci", "--silent", "--no-audit", "--no-fund"]))
}

/// Type errors in the scripts are errors.
pub fn types(workspace: &Workspace) -> Done {
    packages(workspace)?;
    let mut checker = workspace.command("node_modules/.bin/tsc");
    end(checker.args(["--project", "web/tsconfig.json"]))
}

fn changed(path: &Path) -> Result<SystemTime, Failure> {
    let modified = std::fs::metadata(path).and_then(|data| data.modified());
    modified.map_err(|error| Failure::io(path.display(), &error))
}
