//! What settling found, beside what the store holds: which links and lines are written.
//!
//! The log says as little as it can. A link that stands is left alone while its two registrations
//! are one person, even if others would hold them together better now; a line of the queue is left
//! alone while its question is open, whichever pair of registrations would ask it best.

use super::explain::Explanation;
use super::index::{patient_key, patient_number};
use super::settlement::Settlement;
use crate::Fault;
use crate::ports::{LinkDecision, LinkEvent, Review, ReviewState, Writing};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use tasuki_model::{Instant, PatientKey, ReviewId};

type Pair = (PatientKey, PatientKey);

/// Where a line ends: at a cluster that was settled, or at a registration elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum End {
    Cluster(usize),
    Elsewhere(u128),
}

/// A settlement, ready to be compared.
pub(super) struct Outcome {
    settlement: Settlement,
    cluster_of: HashMap<u128, usize>,
    /// Lines by the clusters between which they ask.
    lines: BTreeMap<(End, End), usize>,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) linked: u64,
    pub(super) parted: u64,
    pub(super) asked: u64,
}

/// Evidence of a link that the engine takes back.
const PARTED: &str = r#"{"version":1,"by":"engine"}"#;

impl Outcome {
    pub(super) fn of(settlement: Settlement) -> Result<Self, Fault> {
        let cluster_of = settlement
            .groups
            .iter()
            .enumerate()
            .flat_map(|(n, group)| group.members.iter().map(move |m| (*m, n)))
            .collect();
        let mut outcome = Self {
            settlement,
            cluster_of,
            lines: BTreeMap::new(),
        };
        for (n, (a, b, _)) in outcome.settlement.reviews.iter().enumerate() {
            let ends = outcome.ends(*a, *b);
            outcome.lines.entry(ends).or_insert(n);
        }
        Ok(outcome)
    }

    fn end(&self, patient: u128) -> End {
        match self.cluster_of.get(&patient) {
            Some(n) => End::Cluster(*n),
            None => End::Elsewhere(patient),
        }
    }

    fn ends(&self, a: u128, b: u128) -> (End, End) {
        let (a, b) = (self.end(a), self.end(b));
        (a.min(b), a.max(b))
    }

    /// The clusters in parts of at most so many, each to be written in one transaction.
    pub(super) fn parts(&self, most: usize) -> Vec<Range<usize>> {
        let all = self.settlement.groups.len();
        (0..all)
            .step_by(most.max(1))
            .map(|from| from..(from + most).min(all))
            .collect()
    }

    /// Writes what changed for some clusters.
    pub(super) fn write(
        &self,
        part: Range<usize>,
        tx: &dyn Writing,
        now: Instant,
    ) -> Result<Written, Fault> {
        let mut events = Vec::new();
        let mut parted = BTreeSet::new();
        let mut written = Written::default();
        for n in part {
            self.links(n, tx, now, &mut events, &mut parted)?;
            written.asked += self.queue(n, tx, now)?;
        }
        written.linked = events.len() as u64;
        written.parted = parted.len() as u64;
        for (a, b) in parted {
            events.push(LinkEvent {
                a,
                b,
                decision: LinkDecision::Unlink,
                by: None,
                at: now,
                evidence: PARTED.to_owned(),
            });
        }
        tx.put_links(&events)?;
        Ok(written)
    }

    /// The links of one cluster: those that lead out of it go, those that it lacks come.
    fn links(
        &self,
        n: usize,
        tx: &dyn Writing,
        now: Instant,
        events: &mut Vec<LinkEvent>,
        parted: &mut BTreeSet<Pair>,
    ) -> Result<(), Fault> {
        let Some(group) = self.settlement.groups.get(n) else {
            return Ok(());
        };
        let mut parts = Parts::alone(&group.members);
        for member in &group.members {
            let key = patient_key(*member)?;
            for ((a, b), decision) in LinkEvent::standing(&tx.link_events(&key)?) {
                let other = patient_number(if *a == key { b } else { a })?;
                let within = self.end(other) == End::Cluster(n);
                match decision {
                    LinkDecision::Automatic if !within => {
                        parted.insert((a.clone(), b.clone()));
                    }
                    LinkDecision::Automatic | LinkDecision::Same | LinkDecision::Merged
                        if within =>
                    {
                        parts.join(*member, other);
                    }
                    _ => {}
                }
            }
        }
        for (a, b, explanation) in &group.edges {
            if parts.join(*a, *b) {
                events.push(LinkEvent {
                    a: patient_key(*a)?,
                    b: patient_key(*b)?,
                    decision: LinkDecision::Automatic,
                    by: None,
                    at: now,
                    evidence: explanation.to_json()?,
                });
            }
        }
        Ok(())
    }

    /// The lines of one cluster. Returns how many are new.
    fn queue(&self, n: usize, tx: &dyn Writing, now: Instant) -> Result<u64, Fault> {
        let Some(group) = self.settlement.groups.get(n) else {
            return Ok(0);
        };
        let mut known: BTreeMap<ReviewId, Review> = BTreeMap::new();
        for member in &group.members {
            let reviews = tx.reviews_of(&patient_key(*member)?)?;
            known.extend(reviews.into_iter().map(|r| (r.id.clone(), r)));
        }
        let mut asked = BTreeSet::new();
        for review in known.values().filter(|r| r.state.waits()) {
            let ends = self.ends(patient_number(&review.a)?, patient_number(&review.b)?);
            // One line is enough between the same two.
            if !(self.lines.contains_key(&ends) && asked.insert(ends)) {
                tx.put_review(&Review {
                    state: ReviewState::Settled,
                    ..review.clone()
                })?;
            }
        }
        let of_this = |(a, b): &(End, End)| *a == End::Cluster(n) || *b == End::Cluster(n);
        let mut new = 0;
        for (ends, line) in self.lines.iter().filter(|(ends, _)| of_this(ends)) {
            let Some((a, b, explanation)) = self.settlement.reviews.get(*line) else {
                continue;
            };
            if asked.contains(ends) {
                continue;
            }
            let (a, b) = (patient_key(*a)?, patient_key(*b)?);
            let before = known.values().find(|r| r.a == a && r.b == b);
            if before.is_none_or(|r| r.state == ReviewState::Settled) {
                tx.put_review(&fresh(before, a, b, explanation, now)?)?;
                new += 1;
            }
        }
        Ok(new)
    }
}

/// A line that waits from now on.
fn fresh(
    before: Option<&Review>,
    a: PatientKey,
    b: PatientKey,
    explanation: &Explanation,
    now: Instant,
) -> Result<Review, Fault> {
    let id = match before {
        Some(before) => before.id.clone(),
        None => ReviewId::new(&uuid::Uuid::new_v4().simple().to_string())
            .map_err(|e| Fault::new(crate::Code::InternalFault, e.to_string()))?,
    };
    Ok(Review {
        id,
        a,
        b,
        centibits: (explanation.bits.total() * 100.0) as i64,
        evidence: explanation.to_json()?,
        state: ReviewState::Open,
        opened: now,
        decision: None,
    })
}

/// Which members of a cluster are connected already.
struct Parts(BTreeMap<u128, u128>);

impl Parts {
    fn alone(members: &[u128]) -> Self {
        Self(members.iter().map(|m| (*m, *m)).collect())
    }

    /// Connects two; false if they were.
    fn join(&mut self, a: u128, b: u128) -> bool {
        let (Some(a), Some(b)) = (self.0.get(&a).copied(), self.0.get(&b).copied()) else {
            return false;
        };
        for part in self.0.values_mut().filter(|p| **p == b) {
            *part = a;
        }
        a != b
    }
}
