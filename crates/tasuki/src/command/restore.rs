//! `tasuki restore FILE --key KEY [--recovery KEYS] --data DIR`: a backup becomes a data folder that was
//! empty; on PostgreSQL, its database one in a schema that was. Nothing takes its place before it was opened with its keys and its audit trail was verified.

use super::backup::tell;
use crate::args::{Args, usage};
use crate::config::Config;
use crate::node;
use crate::serve::index_store;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::audit::Action;
use tasuki_core::{Code, Fault};
use tasuki_store::backup::{Loaded, restore};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["key", "recovery"], &[])?;
    let [from] = &args.words[..] else {
        return Err(usage("restore FILE --key KEY [--recovery KEYS] --data DIR"));
    };
    let key = args.required("key")?;
    let recovery = args.option("recovery").map(Path::new);
    let to = args.data_dir();
    let restored = restore(Path::new(from), Path::new(key), recovery, &to, |folder| {
        let args = Args {
            data: Some(folder.to_owned()),
            ..Args::default()
        };
        let config = Config::read(&node::config_path(&args))?;
        // On PostgreSQL the rows go to the server first; they are gone from it again if the check finds anything.
        let mut loaded = Loaded::load(&node::store_config(&args, &config)?)?;
        check(&args)?;
        loaded.keep()
    })?;
    tell(&restored);
    Ok(ExitCode::SUCCESS)
}

/// Opens what was restored: every key that contents need has to be there; then its trail, of the index
/// too. That it was restored stands in the trail from then on.
fn check(args: &Args) -> Result<(), Fault> {
    let node = node::open(args)?;
    let mut findings = node.store.verify_audit()?;
    if let Some(index) = index_store(args, &node)? {
        findings.extend(index.verify_audit()?);
        index.close()?;
    }
    if let Some((stream, finding)) = findings.first() {
        let what = format!("{stream}: {finding}");
        return Err(Fault::new(Code::AuditBroken, what));
    }
    let event = node.event(Action::Administration, "restore", String::new());
    node.store.append_audit(&[event])?;
    node.store.close()
}
