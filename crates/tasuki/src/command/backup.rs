//! `tasuki backup FILE --key KEY`: everything that the node keeps, in one encrypted file, while it runs.
//! `tasuki backup key KEY` makes a key for that.

use crate::args::{Args, usage};
use crate::node;
use crate::serve::index_config;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::Fault;
use tasuki_core::audit::Action;
use tasuki_store::KeyFolder;
use tasuki_store::backup::{Counts, take};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["key"], &[])?;
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    match words[..] {
        ["key", file] => println!("{}", KeyFolder::make_backup_key(Path::new(file))?),
        [to] => {
            let key = args.required("key")?;
            let node = node::open(&args)?;
            let mut stores = vec![node::store_config(&args, &node.config)?];
            stores.extend(index_config(&args, &node)?);
            // Before it, so that the copy says of itself that it was taken.
            let event = node.event(Action::Administration, "backup", to.to_owned());
            node.store.append_audit(&[event])?;
            node.store.sign_segment()?;
            let config = node::config_path(&args);
            let taken = take(&stores, &config, Path::new(key), Path::new(to));
            node.store.close()?;
            tell(&taken?);
        }
        _ => return Err(usage("backup FILE --key KEY, or backup key KEY")),
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn tell(counts: &Counts) {
    let Counts {
        files,
        objects,
        bytes,
    } = counts;
    println!("{files} files, {objects} contents, {bytes} bytes");
}
