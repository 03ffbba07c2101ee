//! The node: configuration, listeners, jobs, subcommands. The composition root: the only crate
//! that knows all the others, and the only one that opens a listener.
#![forbid(unsafe_code)]

pub mod args;
mod clamd;
pub mod command;
pub mod communities;
pub mod config;
mod intake;
mod launch;
mod logging;
pub mod members;
pub mod node;
mod openid;
mod pace;
pub mod peer;
pub mod serve;
pub mod terminals;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs a command line (without the program's name).
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    match command::run(arguments) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("tasuki: {fault}");
            eprintln!("        {}", fault.code.outside_ja());
            eprintln!("        {}", fault.code.advice_ja());
            ExitCode::from(if fault.code == tasuki_core::Code::UsageWrong {
                2
            } else {
                1
            })
        }
    }
}
