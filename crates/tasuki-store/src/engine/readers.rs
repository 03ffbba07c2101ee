//! A small pool of reading connections: made as they are needed, never more than its size. Whoever
//! comes when all are out waits for one to come back.

use super::{Engine, Session};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tasuki_core::Fault;

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
        let (place, idle) = self.take();
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

    fn take(&self) -> (Place<'_>, Option<Box<dyn Session>>) {
        let mut shelf = self.shelf();
        while shelf.out >= self.size {
            shelf = self
                .back
                .wait(shelf)
                .unwrap_or_else(PoisonError::into_inner);
        }
        shelf.out += 1;
        (Place(self), shelf.idle.pop())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.shelf().out -= 1;
        self.0.back.notify_one();
    }
}
