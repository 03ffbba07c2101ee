//! `tasuki keys init|rotate|export-recovery FILE`.

use crate::args::{Args, usage};
use crate::config::Config;
use crate::node;
use crate::serve::index_config;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::Fault;
use tasuki_core::audit::Action;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &[], &[])?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // Opening a data folder makes the keys that are not there.
        ["init"] => drop(node::open(&args)?),
        ["rotate"] => {
            let node = node::open(&args)?;
            let config = node::store_config(&args, &node.config)?;
            let count = tasuki_store::rotate_keys(&config)?;
            let what = format!("{count} data keys wrapped anew");
            node.store
                .append_audit(&[node.event(Action::Administration, "keys rotate", what)])?;
            println!("{count}");
        }
        ["export-recovery", file] => {
            let config = Config::read(&node::config_path(&args))?;
            let keys = node::store_config(&args, &config)?.keys();
            let node = node::open(&args)?;
            // The network's index has keys of its own, where this node holds it.
            let index = index_config(&args, &node)?.map(|config| config.keys());
            let others: Vec<_> = index.into_iter().collect();
            let count = keys.export_recovery(&others, Path::new(file))?;
            let what = format!("{count} keys");
            let event = node.event(Action::Administration, "keys export-recovery", what);
            node.store.append_audit(&[event])?;
            println!("{count}");
        }
        _ => {
            return Err(usage(
                "keys init, keys rotate, or keys export-recovery FILE",
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
