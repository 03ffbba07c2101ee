//! File events of the operating system, and being told to stop.

use notify::event::{AccessKind, AccessMode, CreateKind};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tasuki_core::{Code, Fault};

/// The most events kept; beyond, the whole storage is passed over instead.
const EVENTS_MAX: usize = 65_536;

/// What wakes a watch.
pub(super) enum Wake {
    /// Something happened at a path; whether a folder was made.
    Path(PathBuf, bool),
    /// More happened than could be told.
    Overflow,
}

#[derive(Default)]
struct Inbox {
    wakes: Vec<Wake>,
    stopped: bool,
}

/// Tells a watch to stop, from any thread.
#[derive(Clone, Default)]
pub struct Stop(Arc<(Mutex<Inbox>, Condvar)>);

impl Stop {
    /// A watch that uses this goes on until told otherwise.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the watch to stop: it ends after the batch at hand.
    pub fn stop(&self) {
        self.inbox().stopped = true;
        self.0.1.notify_all();
    }

    /// Whether it was told to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.inbox().stopped
    }

    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, wake: Wake) {
        let mut inbox = self.inbox();
        if inbox.wakes.len() < EVENTS_MAX {
            inbox.wakes.push(wake);
        } else if let Some(last) = inbox.wakes.last_mut() {
            *last = Wake::Overflow;
        }
        self.0.1.notify_all();
    }

    /// Waits until a time, until something happens, or until told to stop.
    pub(super) fn wait_until(&self, until: Instant) -> Vec<Wake> {
        let mut inbox = self.inbox();
        while inbox.wakes.is_empty() && !inbox.stopped {
            let now = Instant::now();
            if now >= until {
                break;
            }
            let (woken, _) = self
                .0
                .1
                .wait_timeout(inbox, until - now)
                .unwrap_or_else(PoisonError::into_inner);
            inbox = woken;
        }
        std::mem::take(&mut inbox.wakes)
    }
}

/// Events of one storage; they stop when this is dropped.
pub(super) struct Events {
    _watcher: RecommendedWatcher,
}

impl Events {
    /// Asks for the events below a root.
    pub(super) fn of(root: &Path, stop: &Stop) -> Result<Self, Fault> {
        let inbox = stop.clone();
        let hear = move |event: notify::Result<Event>| match event {
            Ok(event) => tell(&inbox, event),
            // An error says that something was missed, not what.
            Err(_) => inbox.wake(Wake::Overflow),
        };
        let refused = |error: notify::Error| {
            let why = match error.kind {
                notify::ErrorKind::MaxFilesWatch => {
                    "the system gives no more watches (fs.inotify.max_user_watches)".to_owned()
                }
                _ => error.to_string(),
            };
            Fault::new(Code::StoreAway, format!("no file events: {why}"))
        };
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(hear, config).map_err(refused)?;
        watcher
            .watch(root, RecursiveMode::Recursive)
            .map_err(refused)?;
        Ok(Self { _watcher: watcher })
    }
}

fn tell(inbox: &Stop, event: Event) {
    if event.need_rescan() {
        inbox.wake(Wake::Overflow);
    }
    let made = match event.kind {
        // Reading is no change; the end of writing is.
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => return,
        EventKind::Create(CreateKind::Folder) => true,
        // A folder that was moved here was filled before.
        EventKind::Modify(notify::event::ModifyKind::Name(_)) => true,
        _ => false,
    };
    for path in event.paths {
        inbox.wake(Wake::Path(path, made));
    }
}
