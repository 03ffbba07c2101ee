//! Keeping up with a storage: a full pass first, then whatever says that something has changed.
//!
//! Three things can say so, and they are used together: the hospital's own record of changes
//! ([`ChangeLog`]: transaction storage, index table), file events of the operating system, and
//! looking again. Each only names a patient's folder; what has happened in it is found out by
//! visiting it, so that no two ways of hearing of a change can disagree about what it is.
//!
//! On a network share there are no events: then the storage is passed over again and again, at the
//! pace that the hospital's disk is to be spared, and the lag is reported. The same happens if the
//! system gives no more watches. A full pass from time to time covers what events have missed.

mod changelog;
mod events;
mod queue;

pub use changelog::{ChangeLog, IndexExport, News, TransactionLog};
pub use events::Stop;

use crate::import::{ImportOptions, Pass, Progress};
use crate::summary::Summary;
use crate::walk::{Met, PatientFolder, check_root, walk, walk_below};
use events::{Events, Wake};
use queue::Queue;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};
use tasuki_core::ports::Store;
use tasuki_core::{Code, Fault};
use tasuki_model::{Facility, LocalPatientId};
use tasuki_wire::ssmix2::folders;

/// How often the hospital's record of changes is read.
const LOG_EVERY: Duration = Duration::from_millis(500);
/// How long after an event its folder is visited: writers need a moment.
const QUIET: Duration = Duration::from_millis(100);
/// A folder that has just been made may have been filled before it was watched.
const NEW_FOLDER: Duration = Duration::from_secs(1);
/// How often a feed that brings nothing says that it is there.
const HEARD_EVERY: Duration = Duration::from_secs(60);
/// The most folders visited between two looks at what else is new.
const VISIT_MAX: usize = 256;

/// How a storage is watched.
pub struct WatchOptions {
    /// How its files are read.
    pub import: ImportOptions,
    /// Whether file events may be used; not on a network share.
    pub events: bool,
    /// How often the whole storage is passed over while events are coming in.
    pub rescan_every: Duration,
    /// How long to wait between two passes where there are no events.
    pub poll_every: Duration,
    /// The hospital's own records of changes.
    pub logs: Vec<Box<dyn ChangeLog>>,
}

impl WatchOptions {
    /// A storage on a local disk, without a record of changes.
    #[must_use]
    pub fn new(import: ImportOptions) -> Self {
        Self {
            import: ImportOptions {
                process: "watch",
                ..import
            },
            events: true,
            rescan_every: Duration::from_secs(3_600),
            poll_every: Duration::from_secs(30),
            logs: Vec::new(),
        }
    }
}

/// How changes are heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// By file events.
    Events,
    /// By passing over the storage.
    Polling,
}

/// What a visit has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchReport {
    /// How changes are heard of at present.
    pub mode: Mode,
    /// Whether this was a pass over the whole storage.
    pub whole: bool,
    /// How old the oldest change can be that is not here yet.
    pub lag: Duration,
    /// Folders that wait to be visited.
    pub waiting: usize,
    /// What became of the files that were looked at.
    pub summary: Summary,
    /// What hinders: no more watches, a record of changes that cannot be read.
    pub trouble: Option<Fault>,
}

/// Watches a storage until it is told to stop.
///
/// # Errors
/// `FolderMissing`, `WrongFolder` at the beginning. Later troubles stand in the reports, and
/// watching goes on.
pub fn watch(
    root: &Path,
    facility: &Facility,
    store: &dyn Store,
    options: &mut WatchOptions,
    stop: &Stop,
    report: &mut dyn FnMut(&WatchReport),
) -> Result<(), Fault> {
    check_root(root)?;
    let logs = std::mem::take(&mut options.logs);
    let mut watching = Watching::new(root, facility, store, options, stop, logs);
    watching.run(report);
    options.logs = watching.logs;
    Ok(())
}

struct Watching<'a> {
    root: &'a Path,
    facility: &'a Facility,
    store: &'a dyn Store,
    options: &'a WatchOptions,
    stop: &'a Stop,
    logs: Vec<Box<dyn ChangeLog>>,
    events: Option<Events>,
    queue: Queue,
    /// When the last full pass that was completed had begun.
    whole: Option<Instant>,
    next_whole: Instant,
    next_log: Instant,
    next_heard: Instant,
    trouble: Option<Fault>,
}

impl<'a> Watching<'a> {
    fn new(
        root: &'a Path,
        facility: &'a Facility,
        store: &'a dyn Store,
        options: &'a WatchOptions,
        stop: &'a Stop,
        logs: Vec<Box<dyn ChangeLog>>,
    ) -> Self {
        let now = Instant::now();
        // Events are asked for before the first pass, so that nothing falls between the two.
        let (events, trouble) = match options.events.then(|| Events::of(root, stop)) {
            None => (None, None),
            Some(Ok(events)) => (Some(events), None),
            Some(Err(fault)) => (None, Some(fault)),
        };
        Self {
            root,
            facility,
            store,
            options,
            stop,
            logs,
            events,
            queue: Queue::default(),
            whole: None,
            next_whole: now,
            next_log: now,
            next_heard: now + HEARD_EVERY,
            trouble,
        }
    }

    fn mode(&self) -> Mode {
        match self.events {
            Some(_) => Mode::Events,
            None => Mode::Polling,
        }
    }

    fn run(&mut self, report: &mut dyn FnMut(&WatchReport)) {
        while !self.stop.is_stopped() {
            if Instant::now() >= self.next_log {
                self.read_logs();
            }
            if Instant::now() >= self.next_whole {
                self.pass_over(report);
            }
            self.visit_due(report);
            if Instant::now() >= self.next_heard {
                self.next_heard = Instant::now() + HEARD_EVERY;
                let pass = self.pass();
                // If this cannot be written either, the next report says why.
                let _ = pass.destination.heard();
            }
            self.wait();
        }
    }

    fn pass(&self) -> Pass<'a> {
        Pass::new(self.root, self.facility, self.store, &self.options.import)
    }

    /// Sleeps until something is to be done or something happens.
    fn wait(&mut self) {
        let mut until = self.next_whole.min(self.next_heard);
        if !self.logs.is_empty() {
            until = until.min(self.next_log);
        }
        if let Some(due) = self.queue.next_due() {
            until = until.min(due);
        }
        for wake in self.stop.wait_until(until) {
            match wake {
                Wake::Path(path, made) => self.hear(&path, made),
                Wake::Overflow => self.next_whole = Instant::now(),
            }
        }
    }

    /// Something has happened at a path.
    fn hear(&mut self, path: &Path, made: bool) {
        let Ok(below) = path.strip_prefix(self.root) else {
            return;
        };
        let names: Vec<&str> = below
            .components()
            .filter_map(|part| part.as_os_str().to_str())
            .collect();
        let now = Instant::now();
        match names.as_slice() {
            [_, _, patient, ..] => {
                if let Some(folder) = self.folder_of(patient) {
                    if made {
                        self.queue.push_later(folder.clone(), now + NEW_FOLDER);
                    }
                    self.queue.push(folder, now + QUIET);
                }
            }
            // A folder above the patients was made: whoever is in it by now is visited.
            [_] | [_, _] if made => {
                let due = now + NEW_FOLDER;
                let mut found = Vec::new();
                let _ = walk_below(self.root, &names, &mut |met| {
                    if let Met::Patient(folder) = met {
                        found.push(folder);
                    }
                    ControlFlow::Continue(())
                });
                for folder in found {
                    self.queue.push(folder.clone(), now + QUIET);
                    self.queue.push_later(folder, due);
                }
            }
            _ => {}
        }
    }

    fn folder_of(&self, patient: &str) -> Option<PatientFolder> {
        let (first, second) = folders(patient).ok()?;
        let below = format!("{first}/{second}/{patient}");
        Some(PatientFolder {
            dir: self.root.join(&below),
            below,
            patient: LocalPatientId::new(patient).ok()?,
        })
    }

    /// Asks the hospital's records what has changed.
    fn read_logs(&mut self) {
        self.next_log = Instant::now() + LOG_EVERY;
        let mut logs = std::mem::take(&mut self.logs);
        for log in &mut logs {
            match log.news() {
                Ok(news) => {
                    for patient in &news.patients {
                        if let Some(folder) = self.folder_of(patient) {
                            self.queue.push(folder, Instant::now());
                        }
                    }
                    if let Some(broken) = news.broken {
                        // What the record does not say, the storage itself does.
                        self.trouble = Some(Fault::new(Code::TransactionLogBroken, broken));
                        self.next_whole = Instant::now();
                    }
                }
                Err(fault) => self.trouble = Some(fault),
            }
        }
        self.logs = logs;
    }

    /// Passes over the whole storage.
    fn pass_over(&mut self, report: &mut dyn FnMut(&WatchReport)) {
        let began = Instant::now();
        let stop = self.stop;
        let root = self.root;
        let mut summary = Summary::default();
        let mut again = Vec::new();
        let done = self.pass().run(
            |found| {
                walk(root, &mut |met| match stop.is_stopped() {
                    true => ControlFlow::Break(()),
                    false => found(met),
                })
            },
            &mut summary,
            &mut again,
            &mut |_: &Progress| {},
        );
        let every = match self.events {
            Some(_) => self.options.rescan_every,
            None => self.options.poll_every,
        };
        self.next_whole = Instant::now() + every;
        self.finish(done, &mut summary, again);
        if summary.stopped.is_none() {
            self.whole = Some(began);
        }
        self.tell(true, summary, report);
    }

    /// Visits the folders whose time has come.
    fn visit_due(&mut self, report: &mut dyn FnMut(&WatchReport)) {
        let due = self.queue.take_due(Instant::now(), VISIT_MAX);
        if due.is_empty() {
            return;
        }
        let mut summary = Summary::default();
        let mut again = Vec::new();
        let done = self.pass().run(
            |found| {
                for folder in due {
                    if found(Met::Patient(folder)).is_break() {
                        break;
                    }
                }
                Ok(ControlFlow::Continue(()))
            },
            &mut summary,
            &mut again,
            &mut |_: &Progress| {},
        );
        self.finish(done, &mut summary, again);
        self.tell(false, summary, report);
    }

    /// Files that were still being written are looked at again; a fault is tried again by passing
    /// over everything.
    fn finish(
        &mut self,
        done: Result<(), Fault>,
        summary: &mut Summary,
        again: Vec<PatientFolder>,
    ) {
        let settle = self.options.import.settle.max(QUIET);
        for folder in again {
            self.queue.push_again(folder, Instant::now(), settle);
        }
        let heard = done.and_then(|()| self.pass().destination.heard());
        match heard {
            Ok(()) => self.next_heard = Instant::now() + HEARD_EVERY,
            Err(fault) => {
                summary.stopped = Some(fault);
                self.next_whole = Instant::now() + self.options.poll_every;
            }
        }
    }

    fn tell(&mut self, whole: bool, summary: Summary, report: &mut dyn FnMut(&WatchReport)) {
        let since_whole = self.whole.map_or(Duration::MAX, |began| began.elapsed());
        let lag = match self.mode() {
            Mode::Events => self.queue.oldest().map_or(Duration::ZERO, |t| t.elapsed()),
            Mode::Polling => since_whole,
        };
        report(&WatchReport {
            mode: self.mode(),
            whole,
            lag,
            waiting: self.queue.len(),
            summary,
            trouble: self.trouble.take(),
        });
    }
}
