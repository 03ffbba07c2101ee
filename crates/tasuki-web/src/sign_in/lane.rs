//! Whose password is hashed next. Hashing is slow on purpose, so that only few are hashed at once and
//! few may wait: those who guess could otherwise take the node's time, or every place of its pages.
//!
//! Addresses take turns, those from which nobody guesses before the others; where the row is full, a place
//! is taken from the address that holds the most of them.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;
use tasuki_core::{Code, Fault};

/// Who waits at most, of all addresses.
const WAITING_MAX: usize = 24;
/// The longest wait.
const WAIT: Duration = Duration::from_secs(10);
/// Addresses of which it is remembered when they had their turn.
const SERVED_MAX: usize = 1_024;

/// The row of those who wait to be hashed.
pub(crate) struct Lane {
    row: Mutex<Row>,
    moved: Condvar,
    at_once: usize,
}

#[derive(Default)]
struct Row {
    hashing: usize,
    waiting: Vec<Waiter>,
    /// Numbers of arrivals and of turns.
    count: u64,
    served: BTreeMap<String, u64>,
}

struct Waiter {
    number: u64,
    address: String,
    guessed: bool,
}

/// The right to hash; given back when it is dropped.
pub(crate) struct Turn<'a>(&'a Lane);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Ok(mut row) = self.0.row.lock() {
            row.hashing = row.hashing.saturating_sub(1);
        }
        self.0.moved.notify_all();
    }
}

impl Lane {
    /// A lane that leaves the others half of the machine.
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::of((cores / 2).max(1))
    }

    fn of(at_once: usize) -> Self {
        Self {
            row: Mutex::default(),
            moved: Condvar::new(),
            at_once,
        }
    }

    /// Waits for the turn of an address.
    ///
    /// # Errors
    /// `ACC-001` where others wait in its place, or for too long.
    pub(crate) fn turn(&self, address: &str, guessed: bool) -> Result<Turn<'_>, Fault> {
        let busy = || Fault::new(Code::SignInBusy, "too many passwords to be hashed");
        let mut row = self.row.lock().map_err(|_| busy())?;
        let number = row.arrive(address, guessed).ok_or_else(busy)?;
        self.moved.notify_all();
        loop {
            if !row.waiting.iter().any(|w| w.number == number) {
                return Err(busy());
            }
            if row.hashing < self.at_once && row.next() == Some(number) {
                row.take(number);
                return Ok(Turn(self));
            }
            let waited = self.moved.wait_timeout(row, WAIT).map_err(|_| busy())?;
            row = waited.0;
            if waited.1.timed_out() {
                self.leave(row, number);
                return Err(busy());
            }
        }
    }

    fn leave(&self, mut row: MutexGuard<'_, Row>, number: u64) {
        row.waiting.retain(|w| w.number != number);
        drop(row);
        self.moved.notify_all();
    }
}

impl Row {
    /// A place in the row, if need be of an address that holds more of them.
    fn arrive(&mut self, address: &str, guessed: bool) -> Option<u64> {
        if self.waiting.len() >= WAITING_MAX {
            let held = |of: &str| self.waiting.iter().filter(|w| w.address == of).count();
            let own = (guessed, held(address) + 1);
            let (rank, at) = self
                .waiting
                .iter()
                .enumerate()
                .map(|(at, w)| ((w.guessed, held(&w.address)), at))
                .max()?;
            if rank <= own {
                return None;
            }
            self.waiting.remove(at);
        }
        self.count += 1;
        self.waiting.push(Waiter {
            number: self.count,
            address: address.to_owned(),
            guessed,
        });
        Some(self.count)
    }

    /// Whose turn it is: not of those who guess, then of the address that waits longest for one.
    fn next(&self) -> Option<u64> {
        let rank = |w: &&Waiter| {
            let served = self.served.get(&w.address).copied().unwrap_or_default();
            (w.guessed, served, w.number)
        };
        self.waiting.iter().min_by_key(rank).map(|w| w.number)
    }

    fn take(&mut self, number: u64) {
        self.hashing += 1;
        self.count += 1;
        if let Some(at) = self.waiting.iter().position(|w| w.number == number) {
            let waiter = self.waiting.remove(at);
            if self.served.len() >= SERVED_MAX {
                self.served.clear();
            }
            self.served.insert(waiter.address, self.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is hashed, in order, where these arrive while another is hashed.
    fn order(arrivals: &[(&str, bool)]) -> Vec<String> {
        let mut row = Row::default();
        for (address, guessed) in arrivals {
            row.arrive(address, *guessed);
        }
        let mut order = Vec::new();
        while let Some(number) = row.next() {
            let who = row.waiting.iter().find(|w| w.number == number).unwrap();
            order.push(who.address.clone());
            row.take(number);
        }
        order
    }

    #[test]
    fn addresses_take_turns_and_those_who_guess_come_last() {
        let arrivals = [("a", false), ("a", false), ("b", false), ("x", true)];
        assert_eq!(order(&arrivals), ["a", "b", "a", "x"]);
        assert_eq!(order(&[("x", true), ("a", false)]), ["a", "x"]);
    }

    #[test]
    fn a_full_row_has_a_place_for_another_address() {
        let mut row = Row::default();
        for _ in 0..WAITING_MAX {
            assert!(row.arrive("x", true).is_some());
        }
        assert_eq!(row.arrive("x", true), None);
        assert!(row.arrive("y", true).is_some());
        let clean = row.arrive("a", false).unwrap();
        assert_eq!(row.waiting.len(), WAITING_MAX);
        assert_eq!(row.next(), Some(clean));
    }

    #[test]
    fn a_turn_is_given_back() {
        let lane = Lane::of(1);
        drop(lane.turn("a", false).unwrap());
        let held = lane.turn("a", false).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| lane.turn("b", false).is_ok());
            drop(held);
            assert!(second.join().unwrap());
        });
        assert_eq!(lane.row.lock().unwrap().hashing, 0);
    }
}
