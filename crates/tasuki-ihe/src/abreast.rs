//! One thing after the other, several at once: a line that a crew works off. Whoever calls is one of
//! the crew, so that the line comes to its end even where no further thread is to be had. It says
//! nothing of what the work is, and has no end of its own in time: each piece of work has one.

use crate::communities::Spawn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tasuki_core::pressure::Place;

/// What is to be done.
pub(crate) trait Line: Send + Sync + 'static {
    /// A piece of it.
    type Piece;

    /// The next piece; nothing when everything has been taken.
    fn next(&self) -> Option<Self::Piece>;

    /// Does a piece.
    fn work(&self, piece: Self::Piece);
}

struct Crew<L> {
    line: Arc<L>,
    /// Pieces taken and not done.
    under_way: Mutex<usize>,
    done: Condvar,
}

/// A piece that is being done; dropped when it is, or when its thread breaks off.
struct UnderWay<'c, L>(&'c Crew<L>);

impl<L> Drop for UnderWay<'_, L> {
    fn drop(&mut self) {
        *self.0.count() -= 1;
        self.0.done.notify_all();
    }
}

impl<L> Crew<L> {
    fn count(&self) -> MutexGuard<'_, usize> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L: Line> Crew<L> {
    fn take(&self) -> Option<(L::Piece, UnderWay<'_, L>)> {
        let mut count = self.count();
        let piece = self.line.next()?;
        *count += 1;
        drop(count);
        Some((piece, UnderWay(self)))
    }

    fn run(&self) {
        while let Some((piece, under_way)) = self.take() {
            self.line.work(piece);
            drop(under_way);
        }
    }

    /// Waits for what others of the crew have begun. One that has not begun is not waited for: it will
    /// find nothing to do.
    fn wait(&self) {
        let mut count = self.count();
        while *count > 0 {
            let waited = self.done.wait(count);
            count = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Works a line off with as many further threads as there are places for; comes back when everything
/// is done.
pub(crate) fn abreast<L: Line>(spawn: &Spawn, places: Vec<Place>, line: &Arc<L>) {
    let crew = Arc::new(Crew {
        line: Arc::clone(line),
        under_way: Mutex::new(0),
        done: Condvar::new(),
    });
    for place in places {
        let crew = Arc::clone(&crew);
        spawn(Box::new(move || {
            crew.run();
            drop(place);
        }));
    }
    crew.run();
    crew.wait();
}
