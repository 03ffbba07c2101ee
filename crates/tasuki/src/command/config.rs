//! `tasuki config check|show [--origin]`.

use crate::args::{Args, usage};
use crate::config::{Config, NO_BREACHED_LIST, TERMINALS_UNSEEN};
use crate::node::config_path;
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::{Code, Fault};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &[], &["origin"])?;
    let path = config_path(&args);
    let config = Config::read(&path)?;
    match args.words.first().map(String::as_str) {
        Some("check") => {
            println!("{}: ok", path.display());
            if config.portal.breached()?.is_none() {
                println!("note: {NO_BREACHED_LIST}");
            }
            if config.portal.terminals_unseen() {
                println!("note: {TERMINALS_UNSEEN}");
            }
        }
        Some("show") => {
            let text = std::fs::read_to_string(&path)
                .map_err(|e| Fault::new(Code::ConfigUnreadable, e.to_string()))?;
            for (name, value, origin) in config.with_origin(&text) {
                if args.flag("origin") {
                    println!("{name} = {value}  # {origin}");
                } else {
                    println!("{name} = {value}");
                }
            }
        }
        _ => return Err(usage("config check, or config show [--origin]")),
    }
    Ok(ExitCode::SUCCESS)
}
