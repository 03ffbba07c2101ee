//! A small pool of reading connections: made as they are needed, never more than its size. Whoever
//! comes when all are out waits for one to come back, and not for ever.

use super::{Engine, Session};
use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tasuki_core::{Code, Fault};

/// How long anybody waits for a connection. A page is long lost by then.
const WAIT_MAX: Duration = Duration::from_secs(20);

struct Shelf {
    idle: Vec<Box<dyn Session>>,
    out: usize,
}

/// The pool.
pub(crate) struct Readers {
    engine: Arc<dyn Engine>,
    shelf: Mutex<Shelf>,
    back: Condvar,
    size: usize,
}

/// The right to have one connection out; given back when dropped.
struct Place<'a>(&'a Readers);

/// A place, and a connection where one is idle.
type Taken<'a> = (Place<'a>, Option<Box<dyn Session>>);

/// A thread that is inside a reading. One that began another inside it could wait for itself when all
/// connections are out: that is a fault of the caller, found wherever it is first run.
struct Inside;

impl Inside {
    fn enter() -> Result<Self, Fault> {
        if READING.replace(true) {
            let why = "a reading begun inside another on the same thread";
            return Err(Fault::new(Code::InternalFault, why));
        }
        Ok(Self)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        READING.set(false);
    }
}

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

impl Readers {
    /// A pool of at most `size` connections.
    pub(crate) fn new(engine: Arc<dyn Engine>, size: usize) -> Self {
        Self {
            engine,
            shelf: Mutex::new(Shelf {
                idle: Vec::new(),
                out: 0,
            }),
            back: Condvar::new(),
            size: size.max(1),
        }
    }

    /// Runs `work` in one snapshot.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Session) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let _inside = Inside::enter()?;
        let (place, idle) = self.take()?;
        let mut session = match idle {
            Some(session) => session,
            None => self.engine.connect_reader()?,
        };
        session.begin_read()?;
        let done = work(session.as_mut());
        // A connection that cannot end its transaction, or has lost its server, is let go.
        if session.rollback().is_ok() && session.usable() {
            session.take_fault();
            self.shelf().idle.push(session);
        }
        drop(place);
        done
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<Taken<'_>, Fault> {
        let waited = self
            .back
            .wait_timeout_while(self.shelf(), WAIT_MAX, |shelf| shelf.out >= self.size);
        let (mut shelf, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if shelf.out >= self.size {
            let why = format!("no connection to read with for {} s", WAIT_MAX.as_secs());
            return Err(Fault::new(Code::Overloaded, why));
        }
        shelf.out += 1;
        Ok((Place(self), shelf.idle.pop()))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.shelf().out -= 1;
        self.0.back.notify_one();
    }
}
