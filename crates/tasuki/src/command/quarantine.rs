//! `tasuki quarantine list|show|retry|drop`.

use super::import::{options, report};
use crate::args::{Args, usage};
use crate::node::{self, Node};
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::audit::Action;
use tasuki_core::ports::Quarantined;
use tasuki_core::{Code, Fault};
use tasuki_feeds::quarantine;

/// Files listed at most.
const LISTED_MAX: u32 = 10_000;

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["facility"], &[])?;
    let node = node::open(&args)?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["list"] => list(&args, &node)?,
        ["show", id] => show(&node, id)?,
        ["retry", id] => {
            let row = one(&node, id)?;
            let facilities = node.store.reading(|tx| tx.facilities())?;
            let facility = facilities
                .into_iter()
                .find(|f| f.id == row.facility)
                .ok_or_else(|| Fault::new(Code::UnknownFacility, row.facility.to_string()))?;
            let options = options(&args, &node)?;
            let summary = quarantine::retry(node.store.as_ref(), &facility, id, &options)?;
            node.settle()?;
            node.store.close()?;
            return report(&args, &summary);
        }
        ["drop", id] => {
            quarantine::drop_file(node.store.as_ref(), id, &options(&args, &node)?)?;
        }
        _ => {
            return Err(usage(
                "quarantine list [--facility CODE] | show ID | retry ID | drop ID",
            ));
        }
    }
    node.store.close()?;
    Ok(ExitCode::SUCCESS)
}

fn one(node: &Node, id: &str) -> Result<Quarantined, Fault> {
    node.store
        .reading(|tx| tx.quarantined_one(id))?
        .ok_or_else(|| Fault::new(Code::NotQuarantined, format!("no file {id} in quarantine")))
}

fn list(args: &Args, node: &Node) -> Result<(), Fault> {
    let facility = args
        .option("facility")
        .map(|code| node.facility(code))
        .transpose()?;
    let rows = node
        .store
        .reading(|tx| tx.quarantined(facility.as_ref().map(|f| &f.id), LISTED_MAX))?;
    for row in rows {
        println!(
            "{} {} {} {} {}",
            row.id, row.at, row.reason.code, row.reason.detail, row.file.path
        );
    }
    Ok(())
}

/// The reason and the bytes as text, as far as they are text. The console's user sees patient data
/// here, so it is an event.
fn show(node: &Node, id: &str) -> Result<(), Fault> {
    let row = one(node, id)?;
    let bytes = node.store.reading(|tx| tx.quarantined_bytes(id))?;
    let event = node.event(Action::Quarantine, "quarantine show", id.to_owned());
    node.store.append_audit(&[event])?;
    println!("{} {}", row.reason.code, row.reason.code.outside_ja());
    println!("{} {}", row.reason.detail, row.file.path);
    match bytes {
        Some(bytes) => {
            let text = tasuki_records::original_text("text/plain", &bytes)
                .unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned());
            println!("{}", text.replace('\r', "\n"));
        }
        None => println!("(the bytes were not kept: {} bytes)", row.file.size),
    }
    Ok(())
}
