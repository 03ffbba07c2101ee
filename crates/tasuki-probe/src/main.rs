//! `tasuki-probe plans|faults|load …`: see the library.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_probe::failure::Failure;
use tasuki_probe::{load, plans};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.to_string_lossy(), rest),
        None => (Default::default(), Default::default()),
    };
    let done = match &*name {
        "plans" => plans::run(rest),
        "faults" => plans::faults(rest),
        "load" => load::run(rest),
        _ => Err(Failure("which? plans, faults, load".to_owned())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(why)) => {
            eprintln!("tasuki-probe {name}: {why}");
            ExitCode::FAILURE
        }
    }
}
