//! The commands of the workshop: `cargo xtask <command>`.
//!
//! One command, one file. Depends on no product crate, so that it builds in seconds and can
//! still run when the product does not compile.
#![forbid(unsafe_code)]

mod assets;
mod bench;
mod check;
mod conformance;
mod demo;
mod errors;
mod failure;
mod fuzz;
mod house;
mod list;
mod mutants;
mod process;
mod setup;
mod soak;
mod suite;
mod workspace;

use failure::{Done, Failure};
use std::ffi::OsString;
use std::process::ExitCode;
use workspace::Workspace;

/// A command: its name, what it does in one line, and its code.
struct Command {
    name: &'static str,
    says: &'static str,
    run: fn(&Workspace, &[OsString]) -> Done,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        says: "four synthetic communities in the browser [--seed S --persons N --port P --built | stop [C] [--kill] | start C]",
        run: demo::run,
    },
    Command {
        name: "test",
        says: "every tier of tests, or the tiers named",
        run: suite::run,
    },
    Command {
        name: "check",
        says: "format, lints, layers, unit tests: under a minute when warm",
        run: check::run,
    },
    Command {
        name: "assets",
        says: "style sheets and scripts to <target>/web",
        run: assets::run,
    },
    Command {
        name: "bench",
        says: "one measurement: parse | import | portal | node | identity | pix | policy | watch | registry | retrieve | gateway",
        run: bench::run,
    },
    Command {
        name: "conformance",
        says: "the NIST plans against a running node, to docs/conformance/plans.md [--check | --only WORD]",
        run: conformance::run,
    },
    Command {
        name: "soak",
        says: "one long run: fuzz [--seconds 600 --seed S --target T] | kills [--points 50 --seed S] | chaos [--seconds 300]",
        run: soak::run,
    },
    Command {
        name: "layers",
        says: "which crate may use which",
        run: house::layers::run,
    },
    Command {
        name: "mutants",
        says: "flip each safety line; a test must turn red",
        run: mutants::run,
    },
    Command {
        name: "errors",
        says: "docs/errors.md from the codes [--check]",
        run: errors::run,
    },
    Command {
        name: "setup",
        says: "install what tests and demo need from outside",
        run: setup::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let name = arguments
        .first()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        usage();
        return ExitCode::from(2);
    };
    let rest = arguments.get(1..).unwrap_or_default();
    match Workspace::open().and_then(|workspace| (command.run)(&workspace, rest)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message)) => {
            eprintln!("xtask {name}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn usage() {
    eprintln!("cargo xtask <command>\n");
    for command in COMMANDS {
        eprintln!("  {:11} {}", command.name, command.says);
    }
}
