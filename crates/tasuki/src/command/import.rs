//! `tasuki import ss-mix2 ROOT --facility CODE`: one pass over a hospital's storage.

use crate::args::{Args, usage};
use crate::node::{self, Node};
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tasuki_core::{Code, Fault};
use tasuki_feeds::{ImportOptions, Progress, Summary, import_ss_mix2};

/// How often the progress line is written anew.
const LINE_EVERY: Duration = Duration::from_millis(200);

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &["facility"], &["verify"])?;
    let root = root(&args, "import ss-mix2 ROOT --facility CODE")?;
    let node = node::open(&args)?;
    let facility = node.facility(args.required("facility")?)?;
    let options = ImportOptions {
        verify: args.flag("verify"),
        ..options(&args, &node)?
    };
    let mut bar = Bar::new(!args.json);
    let summary = import_ss_mix2(
        Path::new(root),
        &facility,
        node.store.as_ref(),
        &options,
        &mut |p| {
            bar.show(p);
        },
    )?;
    bar.end();
    node.settle()?;
    node.store.close()?;
    report(&args, &summary)
}

/// The root folder on a command line of the form `ss-mix2 ROOT`.
pub(super) fn root<'a>(args: &'a Args, form: &str) -> Result<&'a str, Fault> {
    match &args.words[..] {
        [kind, root] if kind == "ss-mix2" => Ok(root),
        _ => Err(usage(form)),
    }
}

/// Import options of a node: its repository, and a lock per storage in its data folder.
pub(crate) fn options(args: &Args, node: &Node) -> Result<ImportOptions, Fault> {
    let store = node::store_config(args, &node.config)?;
    Ok(ImportOptions {
        lock: Some(node.data_dir.join("import.lock")),
        ..ImportOptions::new(store.repository)
    })
}

/// The account, as JSON or in words; an import that was stopped is a fault after its account.
pub(super) fn report(args: &Args, summary: &Summary) -> Result<ExitCode, Fault> {
    if args.json {
        let line = serde_json::to_string(summary)
            .map_err(|e| Fault::new(Code::InternalFault, e.to_string()))?;
        println!("{line}");
    } else {
        println!(
            "read {}  registered {}  replaced {}  deleted {}  unchanged {}  quarantined {}",
            summary.read,
            summary.registered,
            summary.replaced,
            summary.deleted,
            summary.unchanged,
            summary.quarantined
        );
        for (code, count) in &summary.reasons {
            println!("  {count} × {code} {}", code.outside_ja());
        }
    }
    match &summary.stopped {
        Some(fault) => Err(fault.clone()),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// A line on a terminal: files, files a second, time left.
struct Bar {
    on: bool,
    started: Instant,
    shown: Option<Instant>,
}

impl Bar {
    fn new(wanted: bool) -> Self {
        Self {
            on: wanted && std::io::stderr().is_terminal(),
            started: Instant::now(),
            shown: None,
        }
    }

    fn show(&mut self, progress: &Progress) {
        if !self.on || self.shown.is_some_and(|at| at.elapsed() < LINE_EVERY) {
            return;
        }
        self.shown = Some(Instant::now());
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let rate = progress.files as f64 / seconds;
        let left = if progress.walked && progress.patients > 0 {
            let rest = progress.patients_found.saturating_sub(progress.patients) as f64;
            let left = rest * seconds / progress.patients as f64;
            format!("{}:{:02} left", left as u64 / 60, left as u64 % 60)
        } else {
            "counting".to_owned()
        };
        eprint!(
            "\r{} files  {rate:.0}/s  {} of {} patients  {left}   ",
            progress.files, progress.patients, progress.patients_found
        );
        let _ = std::io::stderr().flush();
    }

    fn end(&self) {
        if self.on {
            eprintln!();
        }
    }
}
