//! Everybody asks for everybody else's patients, whose documents are handed in meanwhile; every answer
//! is held against what was acknowledged before it was asked for.

use super::ledger::{Ledger, Whose, unique};
use super::network::{Network, PATIENTS};
use super::side::{Side, named, visit};
use super::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::time::Instant;
use tasuki_core::directory::Directory;
use tasuki_core::ports::Incoming;
use tasuki_ihe::gateway::Gateway;
use tasuki_ihe::{iti38, iti39};
use tasuki_testkit::dice::Dice;

/// Documents of one patient, so that a long run stays one of links and not of lists.
const DOCUMENTS_MAX: usize = 60;
/// Documents fetched of one list.
const FETCHED: usize = 3;

pub struct Run<'r> {
    pub network: &'r Network,
    pub directory: &'r Directory,
    pub ledger: &'r Ledger,
}

impl Run<'_> {
    fn cx(&self, (place, patient): Whose) -> String {
        format!("{patient}^^^&{}&ISO", self.network.places[place].authority)
    }

    /// Asks for a patient of another community; true where the answer has no gap.
    fn ask(&self, gateway: &Gateway, whose: Whose) -> bool {
        let to = &self.directory.communities[whose.0];
        let before = self.ledger.of(whose);
        self.ledger.asked.fetch_add(1, Ordering::Relaxed);
        let found = match iti38::ask(gateway, to, &named(self.cx(whose)), &visit()) {
            Ok(found) => found,
            // A gap, and it has a name.
            Err(no) => {
                assert!(!no.code.id().is_empty());
                self.ledger.gaps.fetch_add(1, Ordering::Relaxed);
                return false;
            }
        };
        let prefix = format!("2.25.7.{}.{}.", whose.0, whose.1);
        let ids: BTreeSet<String> = found
            .entries
            .iter()
            .filter_map(|e| e.entry.unique_id.clone())
            .collect();
        let foreign = ids.iter().find(|id| !id.starts_with(&prefix));
        assert_eq!(foreign, None, "a document of somebody else");
        if found.partial.is_some() {
            self.ledger.gaps.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        let missing: Vec<_> = before.difference(&ids).collect();
        assert!(missing.is_empty(), "without a gap: {missing:?}");
        let some = found.entries.into_iter().rev().take(FETCHED).collect();
        self.fetch(gateway, whose, some)
    }

    fn fetch(&self, gateway: &Gateway, whose: Whose, some: Vec<iti38::RemoteEntry>) -> bool {
        let to = &self.directory.communities[whose.0];
        if some.is_empty() {
            return true;
        }
        let Ok(fetched) = iti39::ask(gateway, to, named(some), &visit()) else {
            self.ledger.gaps.fetch_add(1, Ordering::Relaxed);
            return false;
        };
        let mut whole = true;
        for one in fetched {
            let id = one.wanted.entry.unique_id.unwrap();
            match one.content {
                Ok((_, Incoming::Here(bytes))) => {
                    assert_eq!(bytes, id.as_bytes(), "another's content");
                    self.ledger.fetched.fetch_add(1, Ordering::Relaxed);
                }
                Ok(other) => panic!("{other:?}"),
                Err(_) => {
                    self.ledger.gaps.fetch_add(1, Ordering::Relaxed);
                    whole = false;
                }
            }
        }
        whole
    }

    pub fn asks(&self, n: usize, until: Instant, seed: u64) {
        let side = Side::new(self.network, n, "load");
        let mut gateway = side.gateway();
        let mut dice = Dice::new(seed).fork("asker", n);
        let places = self.network.places.len();
        while Instant::now() < until {
            let other = (n + 1 + dice.below(places - 1)) % places;
            // Whoever is in trouble would be left alone; here it is asked again and again.
            if !self.ask(&gateway, (other, dice.below(PATIENTS))) {
                gateway = side.gateway();
            }
        }
    }

    pub fn provides(&self, source: &Source, until: Instant, seed: u64) {
        let mut dice = Dice::new(seed).fork("source", 0);
        let mut next: BTreeMap<Whose, usize> = BTreeMap::new();
        while Instant::now() < until {
            let whose = (dice.below(self.network.places.len()), dice.below(PATIENTS));
            let n = next.entry(whose).or_default();
            if *n >= DOCUMENTS_MAX {
                // All are full: from now on there is only reading.
                if next.values().all(|n| *n >= DOCUMENTS_MAX) {
                    return;
                }
                continue;
            }
            *n += 1;
            let id = unique(whose, *n);
            let to = &self.directory.communities[whose.0];
            if source.provide(to, &self.cx(whose), &id, &id) {
                let mut all = self.ledger.acknowledged.lock().unwrap();
                all.entry(whose).or_default().insert(id);
            }
        }
    }

    /// On lines that are whole again everything that was acknowledged is found, by everybody.
    pub fn everything_is_there(&self) {
        for n in 0..self.network.places.len() {
            let gateway = Side::new(self.network, n, "after").gateway();
            for other in (0..self.network.places.len()).filter(|other| *other != n) {
                for patient in 0..PATIENTS {
                    // A connection that was kept may still be one of the bad ones.
                    let whole = (0..20).any(|_| self.ask(&gateway, (other, patient)));
                    assert!(whole, "community {n} and patient {patient} of {other}");
                }
            }
        }
    }
}
