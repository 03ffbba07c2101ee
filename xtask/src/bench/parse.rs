//! 1 KB OML-11 to clinical values, beside a floor and two Python libraries.

use crate::failure::{Done, Failure};
use crate::process::{output, run as end};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// `cargo xtask bench parse`.
pub fn run(workspace: &Workspace, _: &[OsString]) -> Done {
    let messages = workspace.target.join("bench/messages");
    let example = |arguments: &[&std::ffi::OsStr]| {
        let mut cargo = workspace.command("cargo");
        cargo.args([
            "run",
            "--quiet",
            "--release",
            "--locked",
            "--package",
            "tasuki-records",
            "--example",
            "parse",
            "--",
        ]);
        output(cargo.args(arguments))
    };
    println!("ours    {}", example(&[])?.trim());
    std::fs::create_dir_all(&messages).map_err(|error| Failure::io(messages.display(), &error))?;
    example(&["--write".as_ref(), messages.as_os_str()])?;
    let python = peers(workspace, &["hl7", "hl7apy"])?;
    let peers = output(
        Command::new(python)
            .arg(workspace.root.join("tests/peers/parse_hl7.py"))
            .arg(&messages),
    )?;
    println!("peers   {}", peers.trim());
    Ok(())
}

/// The Python of an environment of our own with these packages in it.
pub fn peers(workspace: &Workspace, packages: &[&str]) -> Result<PathBuf, Failure> {
    let folder = workspace.target.join("peers");
    let python = folder.join("bin/python");
    if !python.exists() {
        end(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ])
    .args(packages);
    end(&mut pip)?;
    Ok(python)
}
