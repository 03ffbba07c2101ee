//! `tasuki disclose`: 開示対象設定 at the console, one patient or a list.

use crate::args::{Args, usage};
use crate::node;
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::audit::Action;
use tasuki_core::{Code, Fault};

/// Patients set in one transaction.
const BATCH: usize = 500;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["file"], &["withdraw"])?;
    let node = node::open(&args)?;
    let patients: Vec<String> = match (args.option("file"), &args.words[..]) {
        (Some(file), []) => std::fs::read_to_string(file)
            .map_err(|e| Fault::new(Code::ConfigUnreadable, format!("{file}: {e}")))?
            .lines()
            .map(|l| l.trim().to_owned())
            .filter(|l| !l.is_empty())
            .collect(),
        (None, [patient]) => vec![patient.clone()],
        _ => {
            return Err(usage(
                "disclose CODE:ID [--withdraw], or disclose --file PATIENTS.csv",
            ));
        }
    };
    let disclosed = !args.flag("withdraw");
    for batch in patients.chunks(BATCH) {
        let batch = batch
            .iter()
            .map(|p| node.patient(p))
            .collect::<Result<Vec<_>, _>>()?;
        let what = format!("disclosed={disclosed} {} patients", batch.len());
        let event = node.event(Action::Identity, "disclose", what);
        node.store.writing(|tx| {
            for (facility, id) in &batch {
                let key = tx.ensure_registration(&facility.id, id)?;
                tx.set_disclosed(&key, disclosed)?;
            }
            tx.append_audit(&event)
        })?;
    }
    node.settle()?;
    println!("{}", patients.len());
    Ok(ExitCode::SUCCESS)
}
