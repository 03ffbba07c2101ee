//! `tasuki watch ss-mix2 ROOT --facility CODE`: takes in what changes, until SIGTERM or SIGINT.

use super::import::{options, root};
use crate::args::{Args, usage};
use crate::config::Feed;
use crate::node::{self, Node};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tasuki_core::{Code, Fault};
use tasuki_feeds::ImportOptions;
use tasuki_feeds::watch::{
    ChangeLog, IndexExport, Stop, TransactionLog, WatchOptions, WatchReport, watch,
};
use tasuki_model::Facility;
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let names = ["facility", "rescan", "transactions", "index"];
    let args = Args::read(arguments, &names, &["no-events"])?;
    let root = root(&args, "watch ss-mix2 ROOT --facility CODE")?;
    let node = node::open(&args)?;
    let facility = node.facility(args.required("facility")?)?;
    let rescan_seconds = match args.option("rescan") {
        Some(text) => text
            .parse()
            .map_err(|_| usage(format!("--rescan {text}: not seconds")))?,
        None => 60,
    };
    let feed = Feed {
        facility: facility.code.to_string(),
        ss_mix2: PathBuf::from(root),
        transactions: args.option("transactions").map(PathBuf::from),
        index: args.option("index").map(PathBuf::from),
        events: !args.flag("no-events"),
        rescan_seconds,
    };
    crate::logging::start();
    let stop = Stop::new();
    stop_on_signal(&stop)?;
    follow(&feed, &facility, &node, options(&args, &node)?, &stop)?;
    node.store.close()?;
    Ok(ExitCode::SUCCESS)
}

/// Watches one configured feed until told to stop; its reports go to the log.
pub(crate) fn follow(
    feed: &Feed,
    facility: &Facility,
    node: &Node,
    import: ImportOptions,
    stop: &Stop,
) -> Result<(), Fault> {
    let every = Duration::from_secs(u64::from(feed.rescan_seconds.max(1)));
    let mut options = WatchOptions {
        events: feed.events,
        rescan_every: every,
        poll_every: every,
        logs: change_logs(feed)?,
        // A whole pass takes the import's lock; a watch lives beside imports.
        ..WatchOptions::new(ImportOptions {
            lock: None,
            ..import
        })
    };
    let code = facility.code.to_string();
    watch(
        Path::new(&feed.ss_mix2),
        facility,
        node.store.as_ref(),
        &mut options,
        stop,
        &mut |r| {
            log(&code, r);
        },
    )
}

fn change_logs(feed: &Feed) -> Result<Vec<Box<dyn ChangeLog>>, Fault> {
    let mut logs: Vec<Box<dyn ChangeLog>> = Vec::new();
    if let Some(folder) = &feed.transactions {
        logs.push(Box::new(TransactionLog::open(folder)?));
    }
    if let Some(file) = &feed.index {
        logs.push(Box::new(IndexExport::open(file)));
    }
    Ok(logs)
}

fn log(code: &str, report: &WatchReport) {
    let s = &report.summary;
    if let Some(fault) = &report.trouble {
        tracing::warn!(feed = code, code = fault.code.id(), "{}", fault.inside);
    }
    if s.read > s.unchanged {
        tracing::info!(
            feed = code,
            mode = ?report.mode,
            lag_ms = report.lag.as_millis() as u64,
            registered = s.registered,
            replaced = s.replaced,
            deleted = s.deleted,
            quarantined = s.quarantined,
            "taken in"
        );
    }
}

/// A thread of its own waits for the signal: the watch itself is synchronous.
fn stop_on_signal(stop: &Stop) -> Result<(), Fault> {
    let broken = |e: std::io::Error| Fault::new(Code::InternalFault, format!("signals: {e}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(broken)?;
    let stop = stop.clone();
    let (mut terminate, mut interrupt) = {
        let _inside = runtime.enter();
        (
            signal(SignalKind::terminate()).map_err(broken)?,
            signal(SignalKind::interrupt()).map_err(broken)?,
        )
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        });
        stop.stop();
    });
    Ok(())
}
