//! Audit events of queries, appended together: whoever comes first while others are being written
//! takes everybody's with it. One thread then waits for the store and not all of them: with 64
//! callers, handing the writer's turn round took more than half of the processor's time.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tasuki_core::Fault;
use tasuki_core::audit::AuditEvent;
use tasuki_core::ports::Store;

/// What became of the events of one batch.
#[derive(Default)]
struct Batch {
    verdict: Mutex<Option<Result<(), Fault>>>,
    told: Condvar,
}

/// Events that wait for the next append.
#[derive(Default)]
struct Waiting {
    events: Vec<AuditEvent>,
    batch: Arc<Batch>,
}

/// The queue in front of the store's audit stream. Holds one event a caller, no more.
#[derive(Default)]
pub(crate) struct Together {
    waiting: Mutex<Waiting>,
    turn: Mutex<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says the verdict however the append ends, so that nobody waits for a leader that broke off.
struct Leader {
    batch: Arc<Batch>,
    verdict: Result<(), Fault>,
}

impl Drop for Leader {
    fn drop(&mut self) {
        *lock(&self.batch.verdict) = Some(self.verdict.clone());
        self.batch.told.notify_all();
    }
}

impl Together {
    /// Appends an event; durable on return.
    pub fn append(&self, store: &dyn Store, event: AuditEvent) -> Result<(), Fault> {
        let (batch, first) = {
            let mut waiting = lock(&self.waiting);
            waiting.events.push(event);
            (Arc::clone(&waiting.batch), waiting.events.len() == 1)
        };
        if first {
            self.lead(store, &batch);
        }
        let mut verdict = lock(&batch.verdict);
        loop {
            if let Some(verdict) = verdict.as_ref() {
                return verdict.clone();
            }
            verdict = batch
                .told
                .wait(verdict)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lead(&self, store: &dyn Store, batch: &Arc<Batch>) {
        let mut leader = Leader {
            batch: Arc::clone(batch),
            verdict: Err(Fault::new(
                tasuki_core::Code::AuditAway,
                "whoever wrote the events broke off",
            )),
        };
        // While the batch before is written, others join this one.
        let _turn = lock(&self.turn);
        let events = std::mem::take(&mut *lock(&self.waiting)).events;
        leader.verdict = store.append_audit(&events);
    }
}
