//! Rows of the clerk's queue.

use super::links::{decision_of, word_of};
use super::rows::{id, size};
use super::{Tx, damaged};
use crate::engine::{Param, Row};
use tasuki_core::Fault;
use tasuki_core::ports::{Review, ReviewDecision, ReviewState};
use tasuki_model::{FacilityId, Instant, PatientKey, ReviewId, UserId};

/// The most lines a list gives.
const LINES_MAX: u32 = 10_000;

const COLUMNS: &str = "review_id, patient_a, patient_b, centibits, evidence, state, opened, \
     decision, decided_by, decided";

/// States by number; those up to 3 wait for a person.
const STATES: [(ReviewState, i64); 5] = [
    (ReviewState::Open, 1),
    (ReviewState::Asked, 2),
    (ReviewState::Proposed, 3),
    (ReviewState::Decided, 4),
    (ReviewState::Settled, 5),
];

fn number(state: ReviewState) -> i64 {
    let found = STATES.iter().find(|(s, _)| *s == state);
    found.map_or(5, |(_, number)| *number)
}

fn state_of(number: i64) -> Result<ReviewState, Fault> {
    let found = STATES.iter().find(|(_, n)| *n == number);
    found
        .map(|(s, _)| *s)
        .ok_or_else(|| damaged("review state"))
}

fn read(row: &dyn Row) -> Result<Review, Fault> {
    let decision = match (row.opt_text(7)?, row.opt_text(8)?) {
        (Some(decision), Some(by)) => Some(ReviewDecision {
            decision: decision_of(decision)?,
            by: id(by, UserId::new)?,
            at: Instant::from_micros(row.int(9)?),
        }),
        _ => None,
    };
    Ok(Review {
        id: id(row.text(0)?, ReviewId::new)?,
        a: id(row.text(1)?, PatientKey::new)?,
        b: id(row.text(2)?, PatientKey::new)?,
        centibits: row.int(3)?,
        evidence: row.text(4)?.to_owned(),
        state: state_of(row.int(5)?)?,
        opened: Instant::from_micros(row.int(6)?),
        decision,
    })
}

impl Tx<'_> {
    pub(super) fn reviews_waiting(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Review>, Fault> {
        self.reviews_in("state <= 3", "opened, review_id", facility, limit)
    }

    pub(super) fn reviews_decided(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Review>, Fault> {
        self.reviews_in("state = 4", "decided DESC, review_id", facility, limit)
    }

    fn reviews_in(
        &self,
        state: &str,
        order: &str,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Review>, Fault> {
        let mut params: Vec<Param<'_>> = vec![self.community()];
        let of = match facility {
            Some(facility) => {
                params.push(facility.as_str().into());
                "AND (facility_a = $2 OR facility_b = $2)"
            }
            None => "",
        };
        // What waits is a few hundred lines a community; the list of one hospital is among them.
        let sql = format!(
            "SELECT {COLUMNS} FROM identity_review /* walks */ WHERE community_id = $1
             AND {state} {of} ORDER BY {order} LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &params, read)
    }

    pub(super) fn reviews_by_state(
        &self,
        facility: &FacilityId,
    ) -> Result<Vec<(ReviewState, u64)>, Fault> {
        self.all(
            "SELECT state, COUNT(*) FROM identity_review /* walks */ WHERE community_id = $1
             AND (facility_a = $2 OR facility_b = $2) GROUP BY state ORDER BY state",
            &[self.community(), facility.as_str().into()],
            |row| Ok((state_of(row.int(0)?)?, size(row.int(1)?))),
        )
    }

    pub(super) fn one_review(&self, review: &ReviewId) -> Result<Option<Review>, Fault> {
        self.first(
            &format!(
                "SELECT {COLUMNS} FROM identity_review
                 WHERE community_id = $1 AND review_id = $2"
            ),
            &[self.community(), review.as_str().into()],
            read,
        )
    }

    pub(super) fn reviews_touching(&self, patient: &PatientKey) -> Result<Vec<Review>, Fault> {
        let of = |column| {
            format!(
                "SELECT {COLUMNS} FROM identity_review WHERE community_id = $1 AND {column} = $2"
            )
        };
        self.all(
            &format!(
                "{} UNION {} LIMIT {LINES_MAX}",
                of("patient_a"),
                of("patient_b")
            ),
            &[self.community(), patient.as_str().into()],
            read,
        )
    }

    pub(super) fn store_review(&self, review: &Review) -> Result<(), Fault> {
        let facility = |key: &PatientKey| {
            self.facility_of(key)?
                .ok_or_else(|| damaged("a line on an unknown registration"))
        };
        let (of_a, of_b) = (facility(&review.a)?, facility(&review.b)?);
        let decision = review.decision.as_ref();
        self.execute(
            "INSERT INTO identity_review (community_id, review_id, patient_a, patient_b,
             facility_a, facility_b, centibits, evidence, state, opened, decision, decided_by,
             decided) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (community_id, review_id) DO UPDATE SET
             centibits = excluded.centibits, evidence = excluded.evidence, state = excluded.state,
             opened = excluded.opened, decision = excluded.decision,
             decided_by = excluded.decided_by, decided = excluded.decided",
            &[
                self.community(),
                review.id.as_str().into(),
                review.a.as_str().into(),
                review.b.as_str().into(),
                of_a.as_str().into(),
                of_b.as_str().into(),
                review.centibits.into(),
                review.evidence.as_str().into(),
                number(review.state).into(),
                review.opened.micros().into(),
                decision.map(|d| word_of(d.decision)).into(),
                decision.map(|d| d.by.as_str()).into(),
                decision.map_or(0, |d| d.at.micros()).into(),
            ],
        )
        .map(drop)
    }
}
