//! `tasuki identity link`: the engine on a file of registrations, without a node. The same
//! normalisation, weights and guards as at ingest.

use super::who;
use crate::args::{Args, usage};
use csv::{ReaderBuilder, StringRecord, Writer};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{SyncSender, sync_channel};
use tasuki_core::clock::SystemClock;
use tasuki_core::identity::index::{Index, Member};
use tasuki_core::identity::normalise::{Keys, Raw, keys};
use tasuki_core::identity::weights::Weights;
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::JstDay;

/// Registrations taken from one file at most.
const REGISTRATIONS_MAX: usize = 20_000_000;

/// The column of RECORDS.csv that has to be there; every one of [`Raw::COLUMNS`] may be absent.
const ID: &str = "record_id";

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["pred", "review", "weights"], &[])?;
    match args.words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["link", records] => link(&args, records),
        ["explain", a, b] => who::explain(&args, a, b),
        ["part", a, b] => who::part(&args, a, b),
        ["rebuild"] => who::rebuild(&args),
        ["stats"] => who::stats(&args),
        _ => Err(usage(
            "identity link RECORDS.csv --pred PRED.csv --review REVIEW.csv | explain CODE:ID CODE:ID | part CODE:ID CODE:ID | rebuild | stats",
        )),
    }
}

fn link(args: &Args, records: &str) -> Result<ExitCode, Fault> {
    let weights = match args.option("weights") {
        Some(file) => Weights::parse(&std::fs::read_to_string(file).map_err(|e| io(file, &e))?)?,
        None => Weights::shipped()?,
    };
    let (pred, review) = (args.required("pred")?, args.required("review")?);
    let (ids, mut index) = read(records, weights)?;
    let compared = index.link_all();
    let lines = index.lines();
    write_clusters(pred, &ids, &index)?;
    write_review(review, &ids, &lines)?;
    println!(
        "registrations {}  pairs compared {compared}  lines for review {}  weights {}  bytes a registration {}  memory at most {} MiB",
        ids.len(),
        lines.len(),
        index.weights().version,
        index.bytes() / ids.len().max(1),
        memory_at_most().unwrap_or(0)
    );
    Ok(ExitCode::SUCCESS)
}

/// The most memory this process has had, in MiB, where the system tells.
fn memory_at_most() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}

fn io(file: &str, error: &dyn std::fmt::Display) -> Fault {
    Fault::new(Code::FileUnreadable, format!("{file}: {error}"))
}

/// Registrations handed over at a time, and how many such lots may wait.
const LOT: usize = 4_096;
const LOTS_WAITING: usize = 4;

/// Reads the file into an index: one thread reads and normalises, this one enters.
fn read(file: &str, weights: Weights) -> Result<(Vec<Box<str>>, Index), Fault> {
    let (sender, lots) = sync_channel(LOTS_WAITING);
    let (mut ids, mut index) = (Vec::new(), Index::new(weights));
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Err(fault) = normalise_all(file, &sender) {
                // Nobody listens any more only if this thread's work is not wanted.
                let _ = sender.send(Err(fault));
            }
        });
        for lot in lots {
            for (id, keys) in lot? {
                if ids.len() >= REGISTRATIONS_MAX {
                    return Err(usage(format!(
                        "{file}: more than {REGISTRATIONS_MAX} registrations"
                    )));
                }
                index.put(&Member {
                    patient: ids.len() as u128,
                    facility: 0,
                    shared: true,
                    keys,
                    former: None,
                })?;
                ids.push(id);
            }
        }
        Ok((ids, index))
    })
}

type Lot = Result<Vec<(Box<str>, Keys)>, Fault>;

/// Sends the keys of every line, in the order of the file.
fn normalise_all(file: &str, lots: &SyncSender<Lot>) -> Result<(), Fault> {
    let mut reader = ReaderBuilder::new()
        .from_path(Path::new(file))
        .map_err(|e| io(file, &e))?;
    let head = reader.headers().map_err(|e| io(file, &e))?.clone();
    let place = |column: &str| head.iter().position(|h| h.trim() == column);
    let Some(id) = place(ID) else {
        return Err(usage(format!("{file}: no column {ID}")));
    };
    let places = Raw::COLUMNS.map(place);
    let today = JstDay::at(SystemClock.now());
    let (mut record, mut lot) = (StringRecord::new(), Vec::with_capacity(LOT));
    while reader.read_record(&mut record).map_err(|e| io(file, &e))? {
        let field = |p: Option<usize>| p.and_then(|p| record.get(p)).unwrap_or_default();
        let keys = keys(&Raw::of(places.map(field)));
        lot.push((field(Some(id)).into(), keys.born_by(today)));
        if lot.len() == LOT && lots.send(Ok(std::mem::take(&mut lot))).is_err() {
            return Ok(());
        }
    }
    // As above.
    let _ = lots.send(Ok(lot));
    Ok(())
}

fn write_clusters(file: &str, ids: &[Box<str>], index: &Index) -> Result<(), Fault> {
    let mut out = Writer::from_path(file).map_err(|e| io(file, &e))?;
    out.write_record(["record_id", "cluster_id"])
        .map_err(|e| io(file, &e))?;
    for (record, cluster) in index.clusters() {
        out.write_record([id(ids, record), id(ids, cluster)])
            .map_err(|e| io(file, &e))?;
    }
    out.flush().map_err(|e| io(file, &e))
}

fn write_review(file: &str, ids: &[Box<str>], lines: &[(u128, u128)]) -> Result<(), Fault> {
    let mut out = Writer::from_path(file).map_err(|e| io(file, &e))?;
    out.write_record(["record_id_a", "record_id_b"])
        .map_err(|e| io(file, &e))?;
    for (a, b) in lines {
        out.write_record([id(ids, *a), id(ids, *b)])
            .map_err(|e| io(file, &e))?;
    }
    out.flush().map_err(|e| io(file, &e))
}

/// The file's id of a registration: patients are numbered in the order of the file.
fn id(ids: &[Box<str>], patient: u128) -> &str {
    ids.get(patient as usize).map_or("", |id| id)
}
