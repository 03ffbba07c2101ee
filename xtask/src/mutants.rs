//! `cargo xtask mutants`: each safety line of `tests/mutants.toml`, flipped in a scratch copy,
//! must turn a test red. A flip that does not compile, or that no test notices, is a failure.

use crate::failure::{Done, Failure, fail};
use crate::list::entries;
use crate::process::{read, write};
use crate::workspace::Workspace;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Mutant {
    says: String,
    file: String,
    line: String,
    becomes: String,
    package: String,
    filter: String,
}

/// `cargo xtask mutants [part of a description]`.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Done {
    let only = arguments
        .first()
        .and_then(|word| word.to_str())
        .unwrap_or("");
    let mutants = mutants(workspace)?;
    let scratch = copy(workspace)?;
    let mut survivors = Vec::new();
    let mut green = BTreeSet::new();
    let chosen: Vec<&Mutant> = mutants
        .iter()
        .filter(|mutant| mutant.says.contains(only))
        .collect();
    for (number, mutant) in chosen.iter().enumerate() {
        println!("[{}/{}] {}", number + 1, chosen.len(), mutant.says);
        if let Err(Failure(message)) = kill(workspace, &scratch, mutant, &mut green) {
            println!("  ALIVE: {message}");
            survivors.push(mutant.says.as_str());
        }
    }
    println!(
        "{} passed, {} failed",
        chosen.len() - survivors.len(),
        survivors.len()
    );
    if !survivors.is_empty() {
        fail!("no test noticed: {}", survivors.join("; "));
    }
    Ok(())
}

/// `green` holds the tests that are known to pass without any flip.
fn kill(
    workspace: &Workspace,
    scratch: &Path,
    mutant: &Mutant,
    green: &mut BTreeSet<String>,
) -> Done {
    let path = scratch.join(&mutant.file);
    let source = read(&path)?;
    if source.matches(&mutant.line).count() != 1 {
        fail!(
            "{} does not hold this line exactly once: {}",
            mutant.file,
            mutant.line
        );
    }
    if green.insert(format!("{} {}", mutant.package, mutant.filter))
        && !test(workspace, scratch, mutant, false)?
    {
        fail!("its tests fail without the flip");
    }
    write(&path, source.replacen(&mutant.line, &mutant.becomes, 1))?;
    let verdict = match test(workspace, scratch, mutant, true) {
        Ok(false) => Err(Failure("the flip does not compile".to_owned())),
        Ok(true) => match test(workspace, scratch, mutant, false) {
            Ok(true) => Err(Failure("every test still passes".to_owned())),
            Ok(false) => Ok(()),
            Err(failure) => Err(failure),
        },
        Err(failure) => Err(failure),
    };
    write(&path, source)?;
    verdict
}

/// Runs (or only builds) the tests that should notice; true when that ended well.
fn test(
    workspace: &Workspace,
    scratch: &Path,
    mutant: &Mutant,
    only_build: bool,
) -> Result<bool, Failure> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--quiet", "--package", &mutant.package])
        .current_dir(scratch);
    cargo.env("CARGO_TARGET_DIR", workspace.target.join("mutants/target"));
    if only_build {
        cargo.arg("--no-run");
    } else {
        cargo.arg(&mutant.filter);
    }
    let status = cargo.stdout(Stdio::null()).stderr(Stdio::null()).status();
    Ok(status
        .map_err(|error| Failure::io("cargo test", &error))?
        .success())
}

/// The tracked files, two folders below the target so that `../shared` is a link beside them.
fn copy(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let scratch = workspace.target.join("mutants/checkout");
    for path in workspace.files(&[""])? {
        let bytes = std::fs::read(workspace.root.join(&path))
            .map_err(|error| Failure::io(path.display(), &error))?;
        let copied = scratch.join(&path);
        // Untouched files keep their times, so that the second run builds only what changed.
        if std::fs::read(&copied).ok().as_deref() != Some(bytes.as_slice()) {
            write(&copied, bytes)?;
        }
    }
    let beside = workspace.target.join("mutants/shared");
    if let (Some(shared), false) = (
        workspace.root.parent().map(|parent| parent.join("shared")),
        beside.exists(),
    ) {
        std::os::unix::fs::symlink(shared, &beside)
            .map_err(|error| Failure::io(beside.display(), &error))?;
    }
    Ok(scratch)
}

fn mutants(workspace: &Workspace) -> Result<Vec<Mutant>, Failure> {
    let list = entries(workspace, "tests/mutants.toml", "mutant")?;
    list.iter()
        .map(|entry| {
            Ok(Mutant {
                says: entry.text("says")?,
                file: entry.text("file")?,
                line: entry.text("line")?,
                becomes: entry.text("becomes")?,
                package: entry.text("package")?,
                filter: entry.text("filter")?,
            })
        })
        .collect()
}
