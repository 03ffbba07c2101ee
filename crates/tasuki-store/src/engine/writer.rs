//! The one writing connection of a process, with group commit.
//!
//! Whoever wants to write takes a ticket and is served in order. It runs its work in the open
//! transaction (or opens one) and then looks behind: if others wait, it leaves the commit to them
//! and sleeps until the transaction is durable; the last in the row commits for all. So a commit
//! that takes the disk five milliseconds carries everybody who came meanwhile, and nobody is
//! answered before the disk has it. No thread of our own, no work handed to another thread: each
//! runs its closure itself, which is why a closure may borrow.
//!
//! Work that fails is rolled back to a savepoint; its neighbours in the transaction stay. The first
//! in a transaction needs no savepoint (nobody is before it), which keeps bulk imports free of
//! SQLite's sub-journal. Work that ran into a fault of the database and yet says it is done is
//! rolled back too.

use super::turnstile::Turn;
use super::{Engine, Session};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::Instant;
use tasuki_core::{Code, Fault};

/// How many share one commit at most.
const TOGETHER_MAX: usize = 128;
/// How many may wait for their turn; more are told to come back.
const WAITING_MAX: u64 = 1_024;
/// How often work is run again after a serialisation failure.
const ATTEMPTS: u32 = 12;
/// The longest pause before one of these, as a power of two of milliseconds.
const PAUSE_MAX: u32 = 8;

/// What became of a transaction.
type Verdict = Result<(), Fault>;

/// A transaction that several share. Its members wait here and not at the queue, so that whoever
/// takes a turn wakes nobody but the next.
#[derive(Default)]
struct Batch {
    verdict: Mutex<Option<Verdict>>,
    told: Condvar,
}

impl Batch {
    fn verdict(&self) -> MutexGuard<'_, Option<Verdict>> {
        self.verdict.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Queue {
    next_ticket: u64,
    serving: u64,
    /// Those who sleep until their turn, in its order.
    asleep: VecDeque<(u64, Thread)>,
}

/// The connection and what is open on it.
#[derive(Default)]
struct Seat {
    session: Option<Box<dyn Session>>,
    batch: Arc<Batch>,
    members: usize,
    turn: Option<Turn>,
}

/// The writer.
pub(crate) struct Writer {
    engine: Arc<dyn Engine>,
    queue: Mutex<Queue>,
    seat: Mutex<Seat>,
    commits: AtomicU64,
}

/// How one go at the work ended.
enum Went {
    /// Done, and durable if the batch's verdict says so.
    Done,
    /// Failed and undone.
    Failed(Fault),
    /// Broke off; undone. The panic goes on in its own thread.
    Panicked(Box<dyn std::any::Any + Send>),
}

/// How long to wait after so many collisions. Drawn by lot: two processes that collided and paused
/// for the same time would collide again.
fn pause(attempt: u32) -> std::time::Duration {
    use std::hash::{BuildHasher, RandomState};
    let longest = 1_000_u64 << attempt.min(PAUSE_MAX);
    let lot = RandomState::new().hash_one(attempt) % longest;
    std::time::Duration::from_micros(longest / 2 + lot)
}

impl Writer {
    /// A writer on an engine; connects at the first write.
    pub(crate) fn new(engine: Arc<dyn Engine>) -> Self {
        Self {
            engine,
            queue: Mutex::default(),
            seat: Mutex::default(),
            commits: AtomicU64::new(0),
        }
    }

    /// How many transactions this process has committed.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Runs `work` in a transaction and returns when that is durable.
    pub(crate) fn write(
        &self,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        for attempt in 1..ATTEMPTS {
            match self.attempt(work) {
                Err(fault) if fault.code == Code::SerialisationFailed => {
                    std::thread::sleep(pause(attempt));
                }
                done => return done,
            }
        }
        self.attempt(work)
    }

    fn attempt(
        &self,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let since = Instant::now();
        let ticket = self.wait_for_turn()?;
        let mut seat = self.seat.lock().unwrap_or_else(PoisonError::into_inner);
        let went = self.run(&mut seat, since, work);
        let batch = Arc::clone(&seat.batch);
        // Only this thread serves, so whoever waits now will be served after it and will commit.
        if seat.members == 0 {
            self.close(&mut seat, Ok(()));
        } else if !self.leave_to_next(ticket, seat.members) {
            let verdict = self.commit(&mut seat);
            self.close(&mut seat, verdict);
        }
        drop(seat);
        self.call_next();
        match went {
            Went::Failed(fault) => Err(fault),
            Went::Panicked(panic) => resume_unwind(panic),
            Went::Done => wait_for_verdict(&batch),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for_turn(&self) -> Result<u64, Fault> {
        let mut queue = self.queue();
        if queue.next_ticket - queue.serving >= WAITING_MAX {
            return Err(Fault::new(Code::Overloaded, "the row of writers is full"));
        }
        let ticket = queue.next_ticket;
        queue.next_ticket += 1;
        if queue.serving != ticket {
            queue.asleep.push_back((ticket, std::thread::current()));
        }
        while queue.serving != ticket {
            drop(queue);
            // A thread may wake by itself; the ticket says whether it was called.
            std::thread::park();
            queue = self.queue();
        }
        Ok(ticket)
    }

    fn leave_to_next(&self, ticket: u64, members: usize) -> bool {
        members < TOGETHER_MAX && self.queue().next_ticket > ticket + 1
    }

    fn call_next(&self) {
        let mut queue = self.queue();
        queue.serving += 1;
        let serving = queue.serving;
        let next = queue.asleep.pop_front_if(|(ticket, _)| *ticket == serving);
        drop(queue);
        if let Some((_, thread)) = next {
            thread.unpark();
        }
    }

    /// Runs the work in the open transaction, or opens one.
    fn run(
        &self,
        seat: &mut Seat,
        since: Instant,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<(), Fault>,
    ) -> Went {
        let first = seat.members == 0;
        if let Err(fault) = self.begin(seat, since, first) {
            return Went::Failed(fault);
        }
        let Some(session) = seat.session.as_deref_mut() else {
            return Went::Failed(Fault::new(Code::InternalFault, "a seat without session"));
        };
        let went = match catch_unwind(AssertUnwindSafe(|| work(session))) {
            Ok(Ok(())) => match session.take_fault() {
                None if first => Went::Done,
                None => match session.release() {
                    Ok(()) => Went::Done,
                    Err(fault) => Went::Failed(fault),
                },
                Some(swallowed) => Went::Failed(swallowed),
            },
            Ok(Err(fault)) => Went::Failed(fault),
            Err(panic) => Went::Panicked(panic),
        };
        if matches!(went, Went::Done) {
            seat.members += 1;
        } else {
            self.undo(seat, first);
        }
        went
    }

    fn begin(&self, seat: &mut Seat, since: Instant, first: bool) -> Result<(), Fault> {
        if !first {
            return match seat.session.as_deref_mut() {
                Some(session) => session.savepoint(),
                None => Err(Fault::new(Code::StoreAway, "the connection was lost")),
            };
        }
        // Who has waited in the row for long does not wait as long once more.
        seat.turn = self.engine.turn(since)?;
        let mut session = match seat.session.take() {
            Some(session) => session,
            None => self.engine.connect_writer()?,
        };
        session.take_fault();
        let begun = session.begin_write();
        if begun.is_err() {
            seat.turn = None;
            session.take_fault();
        }
        if session.usable() {
            seat.session = Some(session);
        }
        begun
    }

    /// Undoes the work that failed. If the whole transaction is gone with it, its members hear so.
    fn undo(&self, seat: &mut Seat, first: bool) {
        let Some(session) = seat.session.as_deref_mut() else {
            return;
        };
        let undone = if first {
            session.rollback()
        } else if session.in_transaction() {
            session.rollback_to_savepoint()
        } else {
            Err(Fault::new(
                Code::StoreAway,
                "the database ended the shared transaction by itself",
            ))
        };
        let cause = session.take_fault();
        if let Err(fault) = undone {
            let _ = session.rollback();
            let _ = session.take_fault();
            seat.session = None;
            if seat.members > 0 {
                self.close(seat, Err(cause.unwrap_or(fault)));
            }
        }
    }

    fn commit(&self, seat: &mut Seat) -> Verdict {
        let Some(session) = seat.session.as_deref_mut() else {
            return Err(Fault::new(Code::StoreAway, "the connection was lost"));
        };
        let done = session.commit();
        if done.is_ok() {
            self.commits.fetch_add(1, Ordering::Relaxed);
        } else if session.rollback().is_err() || !session.usable() {
            seat.session = None;
        }
        if let Some(session) = seat.session.as_deref_mut() {
            session.take_fault();
        }
        done
    }

    /// Ends the present batch: tells its members, and makes room for the next.
    fn close(&self, seat: &mut Seat, verdict: Verdict) {
        seat.turn = None;
        seat.members = 0;
        let batch = std::mem::take(&mut seat.batch);
        *batch.verdict() = Some(verdict);
        batch.told.notify_all();
    }
}

fn wait_for_verdict(batch: &Batch) -> Verdict {
    let mut verdict = batch.verdict();
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
