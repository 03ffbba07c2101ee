//! The form of a line: same, not the same, ask the hospital, undo. Works without script; leads on
//! to the next line that waits.

use super::{lines_of, released};
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Fault;
use tasuki_core::identity::desk::{self, Answer, Clerk};
use tasuki_core::policy::Line;
use tasuki_core::ports::{Review, ReviewState, Writing};
use tasuki_model::ReviewId;

/// What the clerk pressed.
#[derive(Clone, Copy)]
enum Pressed {
    Decide(Answer),
    Ask,
    Undo,
}

pub(crate) fn decide(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let id = ReviewId::new(visit.ask.param("line")).map_err(|_| Stop::Refused)?;
    let pressed = match visit.ask.form("answer").unwrap_or_default() {
        "same" => Pressed::Decide(Answer::Same),
        "not-same" => Pressed::Decide(Answer::NotSame),
        "ask" => Pressed::Ask,
        "undo" => Pressed::Undo,
        _ => return Err(Stop::wrong("an answer is same, not-same, ask or undo")),
    };
    let clerk = Clerk {
        user: visit.who()?.account.id.clone(),
        at: visit.now,
        four_eyes: visit.portal.config.four_eyes,
    };
    // Looked up and released first: a line of others is not there.
    let found = visit
        .portal
        .store
        .reading(|tx| line(tx.review(&id)?, |r| lines_of(tx, r)))?;
    let _ = released(visit, found)?;
    let review = visit
        .portal
        .store
        .writing(|tx| press(tx, &id, pressed, &clerk))?;
    let done = match (pressed, review.state) {
        (Pressed::Undo, _) => "undone",
        (Pressed::Ask, _) => "asked",
        (_, ReviewState::Proposed) => "proposed",
        (Pressed::Decide(Answer::Same), _) => "same",
        (Pressed::Decide(Answer::NotSame), _) => "not-same",
    };
    let to = match next(visit, &id)? {
        Some(next) if !matches!(pressed, Pressed::Undo) => format!("/desk/links/{next}"),
        _ => "/desk".to_owned(),
    };
    let reply = Reply::redirect(format!("{to}?done={done}&line={id}"));
    Ok(reply.with_detail(format!("{done} line {id}")))
}

fn press(
    tx: &dyn Writing,
    id: &ReviewId,
    pressed: Pressed,
    clerk: &Clerk,
) -> Result<Review, Fault> {
    match pressed {
        Pressed::Decide(answer) => desk::decide(tx, id, answer, clerk),
        Pressed::Ask => desk::ask(tx, id, clerk),
        Pressed::Undo => desk::undo(tx, id, clerk),
    }
}

/// A review as a line.
pub(super) fn line(
    review: Option<Review>,
    lines: impl FnOnce(Vec<Review>) -> Result<Vec<Line>, Fault>,
) -> Result<Option<Line>, Fault> {
    Ok(lines(review.into_iter().collect())?.pop())
}

/// The oldest line that waits for this clerk, other than one.
fn next(visit: &Visit<'_>, but: &ReviewId) -> Result<Option<ReviewId>, Stop> {
    let caller = visit.who()?.caller();
    let lines = visit.portal.store.reading(|tx| {
        let open = tx.open_reviews(Some(&caller.facility), super::LINES_MAX)?;
        let open = open
            .into_iter()
            .filter(|r| r.id != *but && r.state == ReviewState::Open);
        lines_of(tx, open.collect())
    })?;
    let released = tasuki_core::policy::release_lines(&caller, lines);
    Ok(released.view().first().map(|line| line.review.id.clone()))
}
