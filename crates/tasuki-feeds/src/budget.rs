//! A bound on the bytes of hospital files held in memory at once. It is soft: a reader stops at it
//! between documents, when it holds nothing itself, so that no two readers can wait for each other.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The bound.
#[derive(Clone)]
pub(crate) struct Budget(Arc<(Mutex<usize>, Condvar, usize)>);

/// Bytes taken; given back when dropped.
pub(crate) struct Held {
    budget: Budget,
    bytes: usize,
}

impl Budget {
    /// A bound of so many bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new((Mutex::new(0), Condvar::new(), limit)))
    }

    fn taken(&self) -> MutexGuard<'_, usize> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes bytes, whether there is room or not.
    pub(crate) fn take(&self, bytes: usize) -> Held {
        *self.taken() += bytes;
        Held {
            budget: self.clone(),
            bytes,
        }
    }

    /// Whether the bound is reached.
    pub(crate) fn is_full(&self) -> bool {
        *self.taken() >= self.0.2
    }

    /// Waits until there is room. Whoever waits must hold nothing.
    pub(crate) fn wait(&self) {
        let mut taken = self.taken();
        while *taken >= self.0.2 {
            taken = self.0.1.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        *self.budget.taken() -= self.bytes;
        self.budget.0.1.notify_all();
    }
}
