//! 1 KB OML-11 to clinical values, beside a floor and two Python libraries.

use crate::failure::{Done, Failure};
use crate::process::output;
use crate::setup;
pub use crate::setup::peers;
use crate::workspace::Workspace;
use std::ffi::OsString;
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
    let python = setup::peers(workspace, setup::HL7_PEERS)?;
    let peers = output(
        Command::new(python)
            .arg(workspace.root.join("tests/peers/parse_hl7.py"))
            .arg(&messages),
    )?;
    println!("peers   {}", peers.trim());
    Ok(())
}
