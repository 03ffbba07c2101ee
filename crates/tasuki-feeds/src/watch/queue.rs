//! Folders that wait to be visited, each with the time at which its turn comes.

use crate::walk::PatientFolder;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The longest wait for a file that keeps growing.
const PATIENCE: Duration = Duration::from_secs(30);

struct Waiting {
    folder: PatientFolder,
    due: Instant,
    /// A second visit after the first, for folders that were just made.
    later: Option<Instant>,
    since: Instant,
    tries: u32,
}

/// The folders, by path: one entry each, however often it is named.
#[derive(Default)]
pub(super) struct Queue {
    waiting: BTreeMap<String, Waiting>,
    /// How often a folder has been put off in a row because of a file that grows.
    growing: BTreeMap<String, u32>,
}

impl Queue {
    /// A folder is to be visited at a time. If it waits already, the earlier time holds.
    pub(super) fn push(&mut self, folder: PatientFolder, due: Instant) {
        let entry = self
            .waiting
            .entry(folder.below.clone())
            .or_insert_with(|| Waiting {
                folder,
                due,
                later: None,
                since: Instant::now(),
                tries: 0,
            });
        entry.due = entry.due.min(due);
    }

    /// A folder is to be visited once more at a later time, whatever happens before.
    pub(super) fn push_later(&mut self, folder: PatientFolder, later: Instant) {
        self.push(folder.clone(), later);
        if let Some(entry) = self.waiting.get_mut(&folder.below) {
            entry.later = Some(later);
        }
    }

    /// A folder was visited and something in it is still being written. Each time the wait is
    /// longer, up to half a minute.
    pub(super) fn push_again(&mut self, folder: PatientFolder, now: Instant, settle: Duration) {
        let tries = self.growing.get(&folder.below).copied().unwrap_or(0);
        let wait = settle.saturating_mul(1 << tries.min(10)).min(PATIENCE);
        self.growing.insert(folder.below.clone(), tries + 1);
        let below = folder.below.clone();
        self.push(folder, now + wait);
        if let Some(entry) = self.waiting.get_mut(&below) {
            entry.tries = tries + 1;
        }
    }

    /// Takes the folders whose time has come, at most `limit`.
    pub(super) fn take_due(&mut self, now: Instant, limit: usize) -> Vec<PatientFolder> {
        let due: Vec<String> = self
            .waiting
            .iter()
            .filter(|(_, w)| w.due <= now)
            .map(|(below, _)| below.clone())
            .take(limit)
            .collect();
        let mut folders = Vec::with_capacity(due.len());
        for below in due {
            let Some(entry) = self.waiting.remove(&below) else {
                continue;
            };
            if let Some(later) = entry.later.filter(|later| *later > now) {
                self.push(entry.folder.clone(), later);
            }
            if entry.tries == 0 {
                self.growing.remove(&below);
            }
            folders.push(entry.folder);
        }
        folders
    }

    /// When the next turn comes.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.waiting.values().map(|w| w.due).min()
    }

    /// Since when the one that waits longest has waited.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.waiting.values().map(|w| w.since).min()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tasuki_model::LocalPatientId;

    fn folder(id: &str) -> PatientFolder {
        PatientFolder {
            dir: id.into(),
            below: id.to_owned(),
            patient: LocalPatientId::new(id).unwrap(),
        }
    }

    #[test]
    fn a_folder_waits_once_and_its_earliest_time_holds() {
        let now = Instant::now();
        let mut queue = Queue::default();
        queue.push(folder("a"), now + Duration::from_secs(5));
        queue.push(folder("a"), now + Duration::from_secs(1));
        queue.push(folder("a"), now + Duration::from_secs(9));
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.next_due(), Some(now + Duration::from_secs(1)));
        assert!(queue.take_due(now, 9).is_empty());
        assert_eq!(queue.take_due(now + Duration::from_secs(1), 9).len(), 1);
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn a_new_folder_is_visited_twice() {
        let now = Instant::now();
        let mut queue = Queue::default();
        queue.push_later(folder("a"), now + Duration::from_secs(1));
        queue.push(folder("a"), now);
        assert_eq!(queue.take_due(now, 9).len(), 1);
        assert_eq!(queue.next_due(), Some(now + Duration::from_secs(1)));
        assert_eq!(queue.take_due(now + Duration::from_secs(1), 9).len(), 1);
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn a_growing_file_is_waited_for_longer_each_time() {
        let mut now = Instant::now();
        let settle = Duration::from_millis(300);
        let mut queue = Queue::default();
        let mut waits = Vec::new();
        for _ in 0..10 {
            queue.push_again(folder("a"), now, settle);
            let due = queue.next_due().unwrap();
            waits.push((due - now).as_millis());
            now = due;
            assert_eq!(queue.take_due(now, 9).len(), 1);
        }
        assert_eq!(waits[..3], [300, 600, 1_200]);
        assert_eq!(waits[9], 30_000);
        // It came to rest: the next change is waited for as briefly as the first.
        queue.push(folder("a"), now);
        queue.take_due(now, 9);
        queue.push_again(folder("a"), now, settle);
        assert_eq!(queue.next_due(), Some(now + settle));
    }

    #[test]
    fn so_many_at_once_and_no_more() {
        let now = Instant::now();
        let mut queue = Queue::default();
        for id in ["a", "b", "c"] {
            queue.push(folder(id), now);
        }
        assert_eq!(queue.take_due(now, 2).len(), 2);
        assert_eq!(queue.take_due(now, 2).len(), 1);
    }
}
