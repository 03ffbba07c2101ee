//! One pass over a storage: a walker finds the folders of patients, readers list, read and decode
//! them, and the calling thread writes in batches.
//!
//! What is committed is done: an import that was killed is run again and passes over everything
//! that is as it was (size, times, inode). Beside a running server it takes turns for each batch.

use crate::batch::Destination;
use crate::budget::Budget;
use crate::change::Reading;
use crate::group::group;
use crate::listing::{Listed, list};
use crate::parcel::Parcel;
use crate::summary::Summary;
use crate::walk::{Met, PatientFolder, check_root, walk};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tasuki_core::clock::SystemClock;
use tasuki_core::ports::Store;
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::{Facility, RepositoryId};

/// Bytes of hospital files held at once, beyond which readers wait.
const HELD_MAX: usize = 32 * 1024 * 1024;
/// A piece of a folder is handed on at so many actions or bytes.
const PARCEL_ACTIONS: usize = 256;
const PARCEL_BYTES: usize = 2 * 1024 * 1024;
/// A batch is written at so many bytes, however few files they are.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// How an import goes about it.
#[derive(Clone)]
pub struct ImportOptions {
    /// The repository that the documents belong to.
    pub repository: RepositoryId,
    /// Reads and compares every file again, also those that look as they did.
    pub verify: bool,
    /// How many threads read the hospital's disk.
    pub readers: usize,
    /// Files a transaction.
    pub batch_files: usize,
    /// The largest file that is read; larger ones go into quarantine without their bytes.
    pub file_bytes_max: u64,
    /// Files changed more recently than this may still be being written.
    pub settle: Duration,
    /// How often folders with files still being written are visited again in one import.
    pub visits: u32,
    /// The most folders a second that are visited on the hospital's disk, if it has to be spared.
    pub folders_per_second: Option<u32>,
    /// A file that two imports of one storage lock, so that the second says so.
    pub lock: Option<PathBuf>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What the audit trail calls the feed.
    pub process: &'static str,
}

impl ImportOptions {
    /// An import as it usually is.
    #[must_use]
    pub fn new(repository: RepositoryId) -> Self {
        Self {
            repository,
            verify: false,
            readers: 2,
            batch_files: 1_000,
            file_bytes_max: 64 * 1024 * 1024,
            settle: Duration::from_millis(300),
            visits: 3,
            folders_per_second: None,
            lock: None,
            clock: Arc::new(SystemClock),
            process: "import",
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files seen and dealt with.
    pub files: u64,
    /// Patients dealt with.
    pub patients: u64,
    /// Patients found so far.
    pub patients_found: u64,
    /// Whether all patients have been found: then the time left can be told.
    pub walked: bool,
}

/// Imports the storage below `root` for a facility.
///
/// # Errors
/// `FolderMissing`, `WrongFolder`, `ImportRunning` before anything is read. What stops an import
/// later stands in [`Summary::stopped`].
pub fn import_ss_mix2(
    root: &Path,
    facility: &Facility,
    store: &dyn Store,
    options: &ImportOptions,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Summary, Fault> {
    let _lock = options.lock.as_deref().map(lock).transpose()?;
    check_root(root)?;
    let pass = Pass::new(root, facility, store, options);
    let before = store.commits();
    let mut summary = Summary::default();
    let mut again = Vec::new();
    let walked = pass.run(
        |found| walk(root, found),
        &mut summary,
        &mut again,
        progress,
    );
    let done = walked.and_then(|()| pass.visit_again(&mut summary, again, progress));
    match done.and_then(|()| pass.destination.heard()) {
        Ok(()) => {}
        Err(fault) => summary.stopped = Some(fault),
    }
    summary.commits = store.commits() - before;
    Ok(summary)
}

/// Takes the lock of a storage, or says that another import has it.
fn lock(path: &Path) -> Result<File, Fault> {
    let unusable = |e: &dyn std::fmt::Display| {
        Fault::new(Code::DataFolderUnusable, format!("{}: {e}", path.display()))
    };
    let file = File::create(path).map_err(|e| unusable(&e))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(Fault::new(
            Code::ImportRunning,
            format!("{} is locked", path.display()),
        )),
        Err(error) => Err(unusable(&error)),
    }
}

/// One way through a storage, or through some folders of it.
pub(crate) struct Pass<'a> {
    root: &'a Path,
    store: &'a dyn Store,
    options: &'a ImportOptions,
    pub(crate) destination: Destination<'a>,
    budget: Budget,
    found: AtomicU64,
    walked: AtomicBool,
    second_look: AtomicBool,
}

type Parcels = SyncSender<Result<Parcel, Fault>>;
type Finder<'f> = dyn FnMut(Met) -> ControlFlow<()> + 'f;

impl<'a> Pass<'a> {
    pub(crate) fn new(
        root: &'a Path,
        facility: &'a Facility,
        store: &'a dyn Store,
        options: &'a ImportOptions,
    ) -> Self {
        Self {
            root,
            store,
            options,
            destination: Destination {
                store,
                facility,
                repository: &options.repository,
                clock: options.clock.as_ref(),
                process: options.process,
            },
            budget: Budget::new(HELD_MAX),
            found: AtomicU64::new(0),
            walked: AtomicBool::new(false),
            second_look: AtomicBool::new(false),
        }
    }

    /// Visits what `find` finds. Folders in which something is still being written come back in
    /// `again`.
    pub(crate) fn run(
        &self,
        find: impl FnOnce(&mut Finder<'_>) -> Result<ControlFlow<()>, Fault> + Send,
        summary: &mut Summary,
        again: &mut Vec<PatientFolder>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Fault> {
        std::thread::scope(|scope| {
            let (met_in, met_out) = sync_channel::<Met>(256);
            let met_out = Mutex::new(met_out);
            let met_out = Arc::new(met_out);
            let (parcel_in, parcel_out) = sync_channel(16);
            for _ in 0..self.options.readers.max(1) {
                let (met, parcels) = (Arc::clone(&met_out), parcel_in.clone());
                named("reader", scope, move || self.read_all(&met, &parcels))?;
            }
            drop(met_out);
            named("walker", scope, move || {
                self.find_all(find, &met_in, &parcel_in);
            })?;
            // The receiver goes with this call, so that whoever is sending does not wait for ever.
            self.write_all(parcel_out, summary, again, progress)
        })
    }

    /// The walker.
    fn find_all(
        &self,
        find: impl FnOnce(&mut Finder<'_>) -> Result<ControlFlow<()>, Fault>,
        met: &SyncSender<Met>,
        parcels: &Parcels,
    ) {
        let mut pace = Pace::new(self.options.folders_per_second);
        let walked = find(&mut |found| {
            pace.step();
            if matches!(found, Met::Patient(_)) {
                self.found.fetch_add(1, Ordering::Relaxed);
            }
            match met.send(found) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        self.walked.store(true, Ordering::Relaxed);
        if let Err(fault) = walked {
            // If nobody listens any more, something else has stopped the import.
            let _ = parcels.send(Err(fault));
        }
    }

    /// A reader: one folder after the other until there are no more.
    fn read_all(&self, met: &Mutex<Receiver<Met>>, parcels: &Parcels) {
        loop {
            let next = met.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(met) = next else {
                return;
            };
            let read = match met {
                Met::Patient(folder) => self.read_folder(folder, parcels),
                Met::Stray(stray) => self.read_stray(&stray, parcels),
            };
            if let Err(fault) = read {
                let _ = parcels.send(Err(fault));
                return;
            }
        }
    }

    fn reading(&self) -> Reading<'_> {
        let now = self.options.clock.now().micros().saturating_mul(1_000);
        let settle = i64::try_from(self.options.settle.as_nanos()).unwrap_or(i64::MAX);
        Reading {
            root: self.root,
            file_bytes_max: self.options.file_bytes_max,
            settling_ns: (now.saturating_sub(settle), now),
            budget: &self.budget,
        }
    }

    fn read_folder(&self, folder: PatientFolder, parcels: &Parcels) -> Result<(), Fault> {
        let facility = &self.destination.facility.id;
        let known = self
            .store
            .reading(|tx| tx.known_files(facility, Some(&folder.patient)))?;
        let listed = list(&folder);
        let grouped = group(&listed, &known, self.options.verify);
        let mut parcel = Parcel::of(Some(&folder.patient));
        let mut waiting = false;
        self.reading()
            .folder(&grouped, &mut parcel, &mut |parcel| {
                waiting |= parcel.counted.waiting > 0;
                let full = parcel.actions.len() >= PARCEL_ACTIONS || parcel.bytes >= PARCEL_BYTES;
                if full || self.budget.is_full() {
                    let piece = std::mem::replace(parcel, Parcel::of(Some(&folder.patient)));
                    hand_on(parcels, piece)?;
                    self.budget.wait();
                }
                Ok(())
            })?;
        waiting |= parcel.counted.waiting > 0;
        parcel.ends = true;
        parcel.again = waiting.then_some(folder);
        hand_on(parcels, parcel)
    }

    fn read_stray(&self, stray: &Listed, parcels: &Parcels) -> Result<(), Fault> {
        let facility = &self.destination.facility.id;
        let known = self.store.reading(|tx| tx.known_files(facility, None))?;
        let unchanged = known
            .iter()
            .find(|k| k.state == stray.state && !self.options.verify)
            .map(|k| &k.place);
        let mut parcel = Parcel::of(None);
        parcel.counted.read = 1;
        self.reading().misplaced(stray, unchanged, &mut parcel);
        hand_on(parcels, parcel)
    }

    /// The writer: collects parcels and writes them in batches.
    fn write_all(
        &self,
        parcels: Receiver<Result<Parcel, Fault>>,
        summary: &mut Summary,
        again: &mut Vec<PatientFolder>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Fault> {
        let mut batch: Vec<Parcel> = Vec::new();
        let (mut actions, mut bytes) = (0, 0);
        let mut patients = 0;
        for parcel in parcels {
            let mut parcel = parcel?;
            if self.second_look.load(Ordering::Relaxed) {
                summary.add(&parcel.counted.only_waiting());
            } else {
                summary.add(&parcel.counted);
            }
            patients += u64::from(parcel.ends);
            again.extend(parcel.again.take());
            actions += parcel.actions.len();
            bytes += parcel.bytes;
            if !parcel.is_idle() {
                batch.push(parcel);
            }
            if actions >= self.options.batch_files || bytes >= BATCH_BYTES {
                summary.add(&self.destination.write(&batch)?);
                batch.clear();
                (actions, bytes) = (0, 0);
            }
            progress(&Progress {
                files: summary.read,
                patients,
                patients_found: self.found.load(Ordering::Relaxed),
                walked: self.walked.load(Ordering::Relaxed),
            });
        }
        if !batch.is_empty() {
            summary.add(&self.destination.write(&batch)?);
        }
        Ok(())
    }

    /// Visits folders again whose files were still being written, a few times.
    pub(crate) fn visit_again(
        &self,
        summary: &mut Summary,
        mut folders: Vec<PatientFolder>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<(), Fault> {
        for _ in 0..self.options.visits {
            if folders.is_empty() {
                break;
            }
            std::thread::sleep(self.options.settle);
            let visited = std::mem::take(&mut folders);
            self.second_look.store(true, Ordering::Relaxed);
            let mut second = Summary::default();
            self.run(
                |found| {
                    for folder in visited {
                        if found(Met::Patient(folder)).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    Ok(ControlFlow::Continue(()))
                },
                &mut second,
                &mut folders,
                &mut |_| {},
            )?;
            summary.look_again(&second);
            progress(&Progress {
                files: summary.read,
                walked: true,
                ..Progress::default()
            });
        }
        Ok(())
    }
}

/// A thread with a name, for whoever looks at a running node.
fn named<'scope, 'env>(
    name: &str,
    scope: &'scope std::thread::Scope<'scope, 'env>,
    work: impl FnOnce() + Send + 'scope,
) -> Result<(), Fault> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn_scoped(scope, work)
        .map(drop)
        .map_err(|e| Fault::new(Code::Overloaded, format!("no thread for the {name}: {e}")))
}

fn hand_on(parcels: &Parcels, parcel: Parcel) -> Result<(), Fault> {
    parcels
        .send(Ok(parcel))
        .map_err(|_| Fault::new(Code::InternalFault, "the writing side has stopped"))
}

/// Spares a disk: lets one step through at a time, so many a second.
struct Pace {
    every: Option<Duration>,
    next: std::time::Instant,
}

impl Pace {
    fn new(per_second: Option<u32>) -> Self {
        Self {
            every: per_second.map(|n| Duration::from_secs(1) / n.max(1)),
            next: std::time::Instant::now(),
        }
    }

    fn step(&mut self) {
        let Some(every) = self.every else {
            return;
        };
        let now = std::time::Instant::now();
        if self.next > now {
            std::thread::sleep(self.next - now);
        }
        self.next = self.next.max(now) + every;
    }
}
