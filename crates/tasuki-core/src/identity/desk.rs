//! The desk: people decide on the lines of the queue. Same, not the same, or ask the hospital;
//! everything can be taken back. Where four eyes are wanted, a decision waits for a second person.
//!
//! Who may see a line is the caller's to decide (policy); here only who may confirm.

pub use super::fetched::{Fetched, fetched};
use crate::ports::{
    LinkDecision, LinkEvent, Reading, Review, ReviewDecision, ReviewState, Writing,
};
use crate::{Code, Fault};
use tasuki_model::{Instant, PatientKey, ReviewId, UserId};

/// What a person says of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// One person.
    Same,
    /// Two persons.
    NotSame,
}

impl From<Answer> for LinkDecision {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Same => Self::Same,
            Answer::NotSame => Self::NotSame,
        }
    }
}

/// Who decides, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerk {
    /// The user.
    pub user: UserId,
    /// Now.
    pub at: Instant,
    /// Whether another person has to confirm.
    pub four_eyes: bool,
}

/// A line that still waits.
///
/// # Errors
/// `IDN-004` if there is none, `IDN-006` if it was decided or settled meanwhile.
fn waiting(tx: &dyn Reading, id: &ReviewId) -> Result<Review, Fault> {
    let review = tx
        .review(id)?
        .ok_or_else(|| Fault::new(Code::ReviewUnknown, "no such line"))?;
    if !review.state.waits() {
        return Err(Fault::new(Code::ReviewChanged, "the line waits no more"));
    }
    Ok(review)
}

/// Decides a line, or proposes a decision, or confirms that of a colleague. With four eyes, a
/// colleague who answers otherwise proposes that instead. Returns the line as it is now.
///
/// # Errors
/// `IDN-004`, `IDN-006`; `IDN-005` where the same person would confirm.
pub fn decide(
    tx: &dyn Writing,
    id: &ReviewId,
    answer: Answer,
    clerk: &Clerk,
) -> Result<Review, Fault> {
    let review = waiting(tx, id)?;
    let decision = LinkDecision::from(answer);
    let before = review
        .decision
        .as_ref()
        .filter(|d| review.state == ReviewState::Proposed && d.decision == decision);
    if before.is_some_and(|d| d.by == clerk.user) {
        return Err(Fault::new(Code::SecondPersonNeeded, "proposed by the same"));
    }
    let proposed_by = before.map(|d| d.by.clone());
    let decided = !clerk.four_eyes || proposed_by.is_some();
    let review = Review {
        state: if decided {
            ReviewState::Decided
        } else {
            ReviewState::Proposed
        },
        decision: Some(ReviewDecision {
            decision,
            by: clerk.user.clone(),
            at: clerk.at,
        }),
        ..review
    };
    tx.put_review(&review)?;
    if decided {
        let evidence = serde_json::json!({
            "version": 1,
            "by": "desk",
            "line": review.id.as_str(),
            "proposed_by": proposed_by.as_ref().map(UserId::as_str),
        });
        put(tx, &review, decision, clerk, &evidence)?;
    }
    Ok(review)
}

/// Puts a line back: the hospital is asked first.
///
/// # Errors
/// `IDN-004`, `IDN-006`.
pub fn ask(tx: &dyn Writing, id: &ReviewId, clerk: &Clerk) -> Result<Review, Fault> {
    let review = Review {
        state: ReviewState::Asked,
        decision: Some(ReviewDecision {
            decision: LinkDecision::Unlink,
            by: clerk.user.clone(),
            at: clerk.at,
        }),
        ..waiting(tx, id)?
    };
    tx.put_review(&review)?;
    Ok(review)
}

/// Takes a decision or a proposal back: the line waits again, and the pair is the engine's.
///
/// # Errors
/// `IDN-004`; `IDN-006` where nothing was decided.
pub fn undo(tx: &dyn Writing, id: &ReviewId, clerk: &Clerk) -> Result<Review, Fault> {
    let review = tx
        .review(id)?
        .ok_or_else(|| Fault::new(Code::ReviewUnknown, "no such line"))?;
    let decided = review.state == ReviewState::Decided;
    if !decided && !matches!(review.state, ReviewState::Proposed | ReviewState::Asked) {
        return Err(Fault::new(Code::ReviewChanged, "nothing was decided"));
    }
    let review = Review {
        state: ReviewState::Open,
        decision: None,
        ..review
    };
    tx.put_review(&review)?;
    if decided {
        let evidence = serde_json::json!({
            "version": 1,
            "by": "desk",
            "line": review.id.as_str(),
            "undone": true,
        });
        put(tx, &review, LinkDecision::Unlink, clerk, &evidence)?;
    }
    Ok(review)
}

fn put(
    tx: &dyn Writing,
    review: &Review,
    decision: LinkDecision,
    clerk: &Clerk,
    evidence: &serde_json::Value,
) -> Result<(), Fault> {
    tx.put_link(&LinkEvent {
        a: review.a.clone(),
        b: review.b.clone(),
        decision,
        by: Some(clerk.user.clone()),
        at: clerk.at,
        evidence: evidence.to_string(),
    })
}

/// Parts two registrations in one call, whatever linked them: a person's "not the same". Returns
/// who has seen data of one side while working for the other, as far as the audit index has come.
///
/// # Errors
/// Those of the store.
pub fn part(
    tx: &dyn Writing,
    a: &PatientKey,
    b: &PatientKey,
    clerk: &Clerk,
) -> Result<Vec<Fetched>, Fault> {
    let fetched = fetched(tx, a, b)?;
    tx.put_link(&LinkEvent {
        a: a.clone(),
        b: b.clone(),
        decision: LinkDecision::NotSame,
        by: Some(clerk.user.clone()),
        at: clerk.at,
        evidence: r#"{"version":1,"by":"desk","parted":true}"#.to_owned(),
    })?;
    Ok(fetched)
}
