//! Linking a whole set at once: from a file, or when the index is rebuilt.

use super::block::{self, BLOCK_MAX, KEYS};
use super::cluster::{Clusters, Edge};
use super::decide::{Guard, Outcome, conflict, decide};
use super::kin;
use super::levels::compare;
use super::normalise::Keys;
use super::row::{Names, Row};
use super::score::{Counts, Population};
use super::weights::Weights;
use std::collections::HashMap;

/// Rounds of corroboration by kin; two suffice, the third is for chains of moves.
const KIN_ROUNDS: usize = 3;

/// Registrations ready to be linked.
#[derive(Debug, Default)]
pub struct Set {
    /// Rows in the order given.
    pub rows: Vec<Row>,
    /// Readings.
    pub kana: Names,
    /// Writings.
    pub kanji: Names,
    /// Shared values.
    pub counts: Counts,
}

/// What linking a set gives.
pub struct Linked {
    /// Who is with whom.
    pub clusters: Clusters,
    /// Pairs for a person to look at, one for each pair of clusters, the strongest first.
    pub review: Vec<Edge>,
    /// How many pairs were compared.
    pub compared: u64,
}

impl Set {
    /// Adds a registration.
    pub fn add(&mut self, keys: &Keys) {
        let row = Row::of(keys, &mut self.kana, &mut self.kanji);
        self.counts.add(&row);
        self.rows.push(row);
    }

    /// Bytes in use by rows, names and counts, for the printed figure.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<Row>()
            + self.kana.bytes()
            + self.kanji.bytes()
            + self.counts.bytes()
    }

    /// The population for scoring.
    #[must_use]
    pub fn population<'a>(&'a self, weights: &'a Weights) -> Population<'a> {
        Population {
            kana: &self.kana,
            kanji: &self.kanji,
            counts: &self.counts,
            weights,
        }
    }

    /// Links the set, on two threads.
    #[must_use]
    pub fn link(&self, weights: &Weights) -> Linked {
        let population = self.population(weights);
        let lanes: Vec<Found> = std::thread::scope(|scope| {
            let lanes: Vec<_> = (0..2)
                .map(|lane| {
                    let population = &population;
                    scope.spawn(move || {
                        let mut found = Found::default();
                        for kind in (0..KEYS).filter(|k| k % 2 == lane) {
                            self.pairs_of(kind, population, &mut found);
                        }
                        found
                    })
                })
                .collect();
            lanes.into_iter().filter_map(|l| l.join().ok()).collect()
        });
        let mut found = Found::default();
        for lane in lanes {
            found.automatic.extend(lane.automatic);
            found.review.extend(lane.review);
            found.lacking.extend(lane.lacking);
            found.compared += lane.compared;
        }
        let conflict = |a: &Row, b: &Row| conflict(a, b, &compare(&self.kana, &self.kanji, a, b));
        let mut clusters = Clusters::alone(self.rows.len());
        let held = clusters.join_along(found.automatic, &self.rows, conflict);
        found.review.extend(held);
        // Each round can bring households together that corroborate others in the next.
        for _ in 0..KIN_ROUNDS {
            let promoted = kin::corroborated(&clusters, &self.rows, &found.lacking);
            if promoted.is_empty() {
                break;
            }
            let held = clusters.join_along(promoted, &self.rows, conflict);
            found.review.extend(held);
            found
                .lacking
                .retain(|e| clusters.of(e.a) != clusters.of(e.b));
        }
        found.review.extend(found.lacking);
        let review = one_line_each(&clusters, found.review);
        Linked {
            clusters,
            review,
            compared: found.compared,
        }
    }

    /// Compares the pairs that one key brings together and no earlier key has.
    fn pairs_of(&self, kind: usize, population: &Population<'_>, found: &mut Found) {
        let mut keyed: Vec<(u64, u32)> = self
            .rows
            .iter()
            .enumerate()
            .filter_map(|(i, r)| {
                let key = *block::keys(r).get(kind)?;
                (key != 0).then_some((key, i as u32))
            })
            .collect();
        keyed.sort_unstable();
        for block in keyed.chunk_by(|a, b| a.0 == b.0) {
            if block.len() < 2 || block.len() > BLOCK_MAX {
                continue;
            }
            for (at, &(_, i)) in block.iter().enumerate() {
                for &(_, j) in block.get(at + 1..).unwrap_or(&[]) {
                    self.pair(kind, i, j, population, found);
                }
            }
        }
    }

    fn pair(&self, kind: usize, i: u32, j: u32, population: &Population<'_>, found: &mut Found) {
        let (Some(a), Some(b)) = (self.rows.get(i as usize), self.rows.get(j as usize)) else {
            return;
        };
        let (ka, kb) = (block::keys(a), block::keys(b));
        let earlier = ka
            .iter()
            .zip(&kb)
            .take(kind)
            .any(|(x, y)| x == y && *x != 0);
        // An earlier key may have been too common to be followed; then the pair is still new.
        if earlier && !self.only_common(kind, &ka, &kb) {
            return;
        }
        found.compared += 1;
        let levels = compare(&self.kana, &self.kanji, a, b);
        let bits = population.bits(a, b, &levels);
        let edge = Edge {
            a: i.min(j),
            b: i.max(j),
            bits: bits.total(),
        };
        let decision = decide(a, b, &levels, &bits, population.weights);
        match decision.outcome {
            Outcome::Automatic => found.automatic.push(edge),
            Outcome::Review if decision.guards == [Guard::NothingElse] => found.lacking.push(edge),
            Outcome::Review => found.review.push(edge),
            Outcome::No => {}
        }
    }

    /// Whether every earlier key that the two share was too common. Name keys are the only ones
    /// that can be; a repeated comparison is harmless, a lost one is not, so the test is generous.
    fn only_common(&self, kind: usize, ka: &[u64; KEYS], kb: &[u64; KEYS]) -> bool {
        let shared = |k: usize| match (ka.get(k), kb.get(k)) {
            (Some(x), Some(y)) => x == y && *x != 0,
            _ => false,
        };
        (2..kind).all(|k| !shared(k)) && kind >= 2
    }
}

#[derive(Default)]
struct Found {
    automatic: Vec<Edge>,
    review: Vec<Edge>,
    /// For review only because nothing else than name and birth date agrees.
    lacking: Vec<Edge>,
    compared: u64,
}

/// The strongest pair between each two clusters; pairs within one cluster need nobody.
fn one_line_each(clusters: &Clusters, edges: Vec<Edge>) -> Vec<Edge> {
    let mut lines: Vec<(u32, u32, Edge)> = edges
        .into_iter()
        .filter_map(|e| {
            let (a, b) = (clusters.of(e.a), clusters.of(e.b));
            (a != b).then(|| (a.min(b), a.max(b), e))
        })
        .collect();
    lines.sort_by(|x, y| {
        (x.0, x.1)
            .cmp(&(y.0, y.1))
            .then(y.2.bits.total_cmp(&x.2.bits))
            .then(x.2.a.cmp(&y.2.a))
    });
    lines.dedup_by_key(|l| (l.0, l.1));
    lines.sort_by(|x, y| y.2.bits.total_cmp(&x.2.bits).then(x.2.a.cmp(&y.2.a)));
    // Of lines that close a circle the weakest waits: the answers to the others settle it, and if
    // they do not, it comes up then.
    let mut asked: HashMap<u32, u32> = HashMap::new();
    let root = |asked: &HashMap<u32, u32>, mut c: u32| {
        while let Some(&up) = asked.get(&c) {
            c = up;
        }
        c
    };
    lines.retain(|(a, b, _)| {
        let (a, b) = (root(&asked, *a), root(&asked, *b));
        if a != b {
            asked.insert(a, b);
        }
        a != b
    });
    lines.into_iter().map(|l| l.2).collect()
}
