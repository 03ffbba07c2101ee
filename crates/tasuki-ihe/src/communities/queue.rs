//! Copies whose content is still to be fetched from one community.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tasuki_model::{Category, CopyId};

/// A copy without content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Due {
    pub copy: CopyId,
    /// What it is, where that decides when it is fetched.
    pub category: Option<Category>,
}

impl Due {
    /// One that is fetched in its turn.
    pub const fn of(copy: CopyId) -> Self {
        Self {
            copy,
            category: None,
        }
    }
}

/// Those that are due, in their order.
pub(super) struct Queue {
    state: Mutex<State>,
    /// As many go into one request.
    size: usize,
}

struct State {
    waiting: VecDeque<Due>,
    /// How many of each category are not done yet, whether they wait or are under way.
    left: BTreeMap<Category, usize>,
}

impl Queue {
    pub fn new(due: Vec<Due>, size: usize) -> Self {
        let mut left = BTreeMap::new();
        for category in due.iter().filter_map(|due| due.category) {
            *left.entry(category).or_default() += 1;
        }
        let waiting = due.into();
        Self {
            state: Mutex::new(State { waiting, left }),
            size,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The copies of the next request: those of the categories named, then in their order.
    pub fn take(&self, first: &[Category]) -> Option<Vec<Due>> {
        let waiting = &mut self.state().waiting;
        let is_first = |due: &Due| due.category.is_some_and(|c| first.contains(&c));
        let mut taken = Vec::with_capacity(self.size);
        let mut at = 0;
        while taken.len() < self.size
            && let Some(due) = waiting.get(at)
        {
            match is_first(due) {
                true => taken.extend(waiting.remove(at)),
                false => at += 1,
            }
        }
        let rest = waiting.len().min(self.size - taken.len());
        taken.extend(waiting.drain(..rest));
        (!taken.is_empty()).then_some(taken)
    }

    /// These are done; of which categories they were the last ones.
    pub fn done(&self, these: &[Due]) -> Vec<Category> {
        let mut state = self.state();
        let mut complete = Vec::new();
        for category in these.iter().filter_map(|due| due.category) {
            if let Some(left) = state.left.get_mut(&category) {
                *left -= 1;
                if *left == 0 {
                    complete.push(category);
                    state.left.remove(&category);
                }
            }
        }
        // With the last of all, the whole is told.
        match state.left.is_empty() {
            true => Vec::new(),
            false => complete,
        }
    }

    /// Nothing more is fetched.
    pub fn clear(&self) {
        self.state().waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(name: &str, category: Category) -> Due {
        Due {
            copy: CopyId::new(name).unwrap(),
            category: Some(category),
        }
    }

    fn names(taken: Option<Vec<Due>>) -> Vec<String> {
        let taken = taken.unwrap_or_default().into_iter();
        taken.map(|due| due.copy.as_str().to_owned()).collect()
    }

    #[test]
    fn what_is_looked_at_goes_first_and_its_last_one_is_told() {
        use Category::{Lab, Note, Visit};
        let all = [
            ("a", Visit),
            ("b", Lab),
            ("c", Note),
            ("d", Lab),
            ("e", Lab),
        ];
        let all: Vec<Due> = all.iter().map(|(n, c)| due(n, *c)).collect();
        let queue = Queue::new(all.clone(), 2);
        assert_eq!(names(queue.take(&[Lab])), ["b", "d"]);
        assert_eq!(queue.done(&[all[1].clone(), all[3].clone()]), []);
        assert_eq!(names(queue.take(&[Lab])), ["e", "a"], "then in their order");
        assert_eq!(queue.done(&[all[4].clone(), all[0].clone()]), [Lab, Visit]);
        assert_eq!(names(queue.take(&[])), ["c"]);
        assert_eq!(queue.done(&[all[2].clone()]), [], "the whole is complete");
        assert_eq!(queue.take(&[]), None);
    }
}
