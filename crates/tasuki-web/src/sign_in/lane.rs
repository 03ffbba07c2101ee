//! Whose password is hashed next. Hashing is slow on purpose, so that only few are hashed at once and
//! few may wait: those who guess could otherwise take the node's time, or every place of its pages.
//!
//! Addresses take turns, those from which nobody guesses before the others; where the row is full, a place
//! is taken from the address that holds the most of them. Browsers that are known of who signs in, and users who
//! are signed in, have a row and turns of their own, beside those of the others.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;
use tasuki_core::{Code, Fault};

/// Who waits at most in each row.
const WAITING_MAX: usize = 24;
/// The longest wait.
const WAIT: Duration = Duration::from_secs(10);
/// Addresses of which it is remembered when they had their turn.
const SERVED_MAX: usize = 1_024;

/// In whose name somebody waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// An address, and whether more failures came from it than typing explains.
    Address(String, bool),
    /// A browser that is known of the user, or a user who is signed in.
    Known(String),
}

impl Place {
    fn known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    fn guessed(&self) -> bool {
        matches!(self, Self::Address(_, true))
    }

    fn name(&self) -> &str {
        match self {
            Self::Address(name, _) | Self::Known(name) => name,
        }
    }
}

/// Those who wait to be hashed.
pub(crate) struct Lane {
    row: Mutex<Row>,
    moved: Condvar,
    at_once: usize,
}

#[derive(Default)]
struct Row {
    /// How many are hashed now, of the known and of the others.
    hashing: Hashing,
    waiting: Vec<Waiter>,
    /// Numbers of arrivals and of turns.
    count: u64,
    served: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Hashing {
    known: usize,
    others: usize,
}

impl Hashing {
    fn of(&mut self, known: bool) -> &mut usize {
        match known {
            true => &mut self.known,
            false => &mut self.others,
        }
    }
}

struct Waiter {
    number: u64,
    place: Place,
}

/// The right to hash; given back when it is dropped.
pub(crate) struct Turn<'a> {
    lane: &'a Lane,
    known: bool,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Ok(mut row) = self.lane.row.lock() {
            let hashing = row.hashing.of(self.known);
            *hashing = hashing.saturating_sub(1);
        }
        self.lane.moved.notify_all();
    }
}

impl Lane {
    /// A lane in which unknown browsers leave half of the machine to everything else.
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

    /// Waits for the turn of a place.
    ///
    /// # Errors
    /// `ACC-001` where others wait in its place, or for too long.
    pub(crate) fn turn(&self, place: Place) -> Result<Turn<'_>, Fault> {
        let busy = || Fault::new(Code::SignInBusy, "too many passwords to be hashed");
        let known = place.known();
        let mut row = self.row.lock().map_err(|_| busy())?;
        let number = row.arrive(place).ok_or_else(busy)?;
        self.moved.notify_all();
        loop {
            if !row.waiting.iter().any(|w| w.number == number) {
                return Err(busy());
            }
            if *row.hashing.of(known) < self.at_once && row.next(known) == Some(number) {
                row.take(number);
                return Ok(Turn { lane: self, known });
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
    /// A place in the row, if need be of whoever holds more of them in the same one.
    fn arrive(&mut self, place: Place) -> Option<u64> {
        let beside = || {
            self.waiting
                .iter()
                .filter(|w| w.place.known() == place.known())
        };
        if beside().count() >= WAITING_MAX {
            let held = |of: &Place| beside().filter(|w| w.place.name() == of.name()).count();
            let own = (place.guessed(), held(&place) + 1);
            let (rank, number) = beside()
                .map(|w| ((w.place.guessed(), held(&w.place)), w.number))
                .max()?;
            if rank <= own {
                return None;
            }
            self.waiting.retain(|w| w.number != number);
        }
        self.count += 1;
        self.waiting.push(Waiter {
            number: self.count,
            place,
        });
        Some(self.count)
    }

    /// Whose turn it is in one of the two rows: not of those who guess, then of whoever waits longest for one.
    fn next(&self, known: bool) -> Option<u64> {
        let rank = |w: &&Waiter| {
            let served = self.served.get(w.place.name()).copied();
            (w.place.guessed(), served.unwrap_or_default(), w.number)
        };
        let row = self.waiting.iter().filter(|w| w.place.known() == known);
        row.min_by_key(rank).map(|w| w.number)
    }

    fn take(&mut self, number: u64) {
        self.count += 1;
        if let Some(at) = self.waiting.iter().position(|w| w.number == number) {
            let waiter = self.waiting.remove(at);
            *self.hashing.of(waiter.place.known()) += 1;
            if self.served.len() >= SERVED_MAX {
                self.served.clear();
            }
            let name = waiter.place.name().to_owned();
            self.served.insert(name, self.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str, guessed: bool) -> Place {
        Place::Address(address.to_owned(), guessed)
    }

    fn known(browser: &str) -> Place {
        Place::Known(browser.to_owned())
    }

    /// Who is hashed, in order, where these arrive while another is hashed.
    fn order(arrivals: &[Place], known: bool) -> Vec<String> {
        let mut row = Row::default();
        for place in arrivals {
            row.arrive(place.clone());
        }
        let mut order = Vec::new();
        while let Some(number) = row.next(known) {
            let who = row.waiting.iter().find(|w| w.number == number).unwrap();
            order.push(who.place.name().to_owned());
            row.take(number);
        }
        order
    }

    #[test]
    fn addresses_take_turns_and_those_who_guess_come_last() {
        let arrivals = [("a", false), ("a", false), ("b", false), ("x", true)];
        let arrivals = arrivals.map(|(address, guessed)| from(address, guessed));
        assert_eq!(order(&arrivals, false), ["a", "b", "a", "x"]);
        let both = [from("x", true), from("a", false)];
        assert_eq!(order(&both, false), ["a", "x"]);
    }

    #[test]
    fn known_browsers_take_turns_among_themselves() {
        let arrivals = [from("a", false), known("k"), known("k"), known("l")];
        assert_eq!(order(&arrivals, true), ["k", "l", "k"]);
        assert_eq!(order(&arrivals, false), ["a"]);
    }

    #[test]
    fn a_known_browser_is_hashed_beside_the_others_and_waits_for_none_of_them() {
        let lane = Lane::of(1);
        let held = lane.turn(from("x", false)).unwrap();
        let beside = lane.turn(known("k")).unwrap();
        let hashing = |lane: &Lane| {
            let row = lane.row.lock().unwrap();
            (row.hashing.known, row.hashing.others)
        };
        assert_eq!(hashing(&lane), (1, 1));
        drop(held);
        drop(beside);
        assert_eq!(hashing(&lane), (0, 0));
    }

    #[test]
    fn a_full_row_has_a_place_for_another_address() {
        let mut row = Row::default();
        for _ in 0..WAITING_MAX {
            assert!(row.arrive(from("x", true)).is_some());
        }
        assert_eq!(row.arrive(from("x", true)), None);
        assert!(row.arrive(from("y", true)).is_some());
        let clean = row.arrive(from("a", false)).unwrap();
        assert_eq!(row.waiting.len(), WAITING_MAX);
        assert_eq!(row.next(false), Some(clean));
    }

    #[test]
    fn a_row_full_of_a_thousand_addresses_takes_no_place_of_the_known() {
        let mut row = Row::default();
        for n in 0..1_000 {
            row.arrive(from(&format!("10.0.0.{n}"), false));
        }
        assert_eq!(row.waiting.len(), WAITING_MAX);
        let own = row.arrive(known("k"));
        assert!(own.is_some());
        assert_eq!(row.next(true), own);
        for _ in 1..WAITING_MAX {
            assert!(row.arrive(known("k")).is_some());
        }
        assert_eq!(
            row.arrive(known("k")),
            None,
            "nor has one browser more than its row"
        );
        assert!(row.arrive(known("l")).is_some());
    }

    #[test]
    fn a_turn_is_given_back() {
        let lane = Lane::of(1);
        drop(lane.turn(from("a", false)).unwrap());
        let held = lane.turn(from("a", false)).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| lane.turn(from("b", false)).is_ok());
            drop(held);
            assert!(second.join().unwrap());
        });
        assert_eq!(lane.row.lock().unwrap().hashing.others, 0);
    }
}
