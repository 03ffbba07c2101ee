//! Where things are: the root, the target folder, and what cargo knows of the packages.

use crate::failure::{Failure, fail};
use crate::process::output;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package of the workspace and its direct dependencies.
pub struct Package {
    /// Name, which is also the folder's.
    pub name: String,
    /// (name, whether it is a development dependency)
    pub dependencies: Vec<(String, bool)>,
}

/// The checkout that the command works on.
pub struct Workspace {
    /// Its root folder.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
    /// Its own packages.
    pub packages: Vec<Package>,
}

impl Workspace {
    /// Asks `cargo metadata`.
    ///
    /// # Errors
    /// When cargo cannot be run or a manifest is broken.
    pub fn open() -> Result<Self, Failure> {
        let home = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let home = home.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let Some(root) = home.parent().map(Path::to_path_buf) else {
            fail!("xtask has no parent folder")
        };
        let mut cargo = Command::new("cargo");
        cargo
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .current_dir(&root);
        let metadata = json(&output(&mut cargo)?)?;
        let target = PathBuf::from(text(&metadata, "target_directory")?);
        let packages = list(&metadata, "packages")?
            .iter()
            .map(package)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            root,
            target,
            packages,
        })
    }

    /// The folder of built style sheets and scripts.
    pub fn web(&self) -> PathBuf {
        self.target.join("web")
    }

    /// What a run leaves for people to look at: screenshots, logs.
    pub fn artefacts(&self) -> PathBuf {
        self.target.join("artefacts")
    }

    /// A command that starts in the root.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The files that git tracks or would track, with these endings, relative to the root.
    ///
    /// # Errors
    /// When git cannot be run.
    pub fn files(&self, endings: &[&str]) -> Result<Vec<PathBuf>, Failure> {
        let mut git = self.command("git");
        git.args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ]);
        let listed = output(&mut git)?;
        let paths = listed
            .split('\0')
            .filter(|path| endings.iter().any(|ending| path.ends_with(ending)));
        Ok(paths
            .map(PathBuf::from)
            .filter(|path| self.root.join(path).is_file())
            .collect())
    }
}

/// Reads JSON, or says that it is not.
pub fn json(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| Failure(format!("not JSON: {error}")))
}

/// A text member of an object.
pub fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, Failure> {
    value
        .get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| Failure(format!("no text {key} in JSON")))
}

fn list<'v>(value: &'v Value, key: &str) -> Result<&'v [Value], Failure> {
    let list = value.get(key).and_then(Value::as_array).map(Vec::as_slice);
    list.ok_or_else(|| Failure(format!("no list {key} in JSON")))
}

fn package(value: &Value) -> Result<Package, Failure> {
    let dependencies = list(value, "dependencies")?.iter().map(|dependency| {
        let development = dependency.get("kind").and_then(Value::as_str) == Some("dev");
        Ok((text(dependency, "name")?.to_owned(), development))
    });
    Ok(Package {
        name: text(value, "name")?.to_owned(),
        dependencies: dependencies.collect::<Result<_, Failure>>()?,
    })
}
