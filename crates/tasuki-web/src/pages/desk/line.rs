//! One line: two registrations side by side, the score on its band, the reasons, three answers of
//! equal weight. The screen does not lean towards "same person".

use super::compare::{self, Row};
use super::decide;
use super::{Done, Names, answer_words, done, lines_of, marks_of, name_of, names_of, released};
use crate::explanation::{Score, agreement, explain, held};
use crate::marks::Mark;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::gather::Source;
use tasuki_core::identity::explain::Explanation;
use tasuki_core::policy::Line;
use tasuki_core::ports::{ReviewDecision, ReviewState};
use tasuki_core::release::Body;
use tasuki_model::{FacilityId, ReviewId};

#[derive(Template)]
#[template(path = "pages/desk/line.html")]
struct LinePage {
    shell: Shell,
    done: Option<Done>,
    place: String,
    since: String,
    band: Option<Band>,
    summary: String,
    sentences: Vec<String>,
    why: Vec<String>,
    rows: Vec<Row>,
    /// The clerk's own facility, and the other one.
    sides: [Mark; 2],
    notice: Option<String>,
    /// Whether the three answers are offered.
    may_answer: bool,
    may_undo: bool,
    action: String,
    csrf: String,
}

/// The score drawn: lengths in the drawing's own units, 560 wide.
struct Band {
    score: Score,
    review_x: u32,
    automatic_x: u32,
    points_x: u32,
    looks_x: u32,
    /// Where the words of the score stay inside the drawing.
    words_x: u32,
}

const WIDTH: u32 = 560;

impl Band {
    fn of(explanation: &Explanation) -> Self {
        let score = Score::of(explanation);
        let x = |points: u32| points * WIDTH / 100;
        Self {
            review_x: x(score.review),
            automatic_x: x(score.automatic),
            points_x: x(score.points),
            looks_x: u32::midpoint(x(score.review), x(score.automatic)),
            words_x: x(score.points).clamp(30, WIDTH - 30),
            score,
        }
    }

    fn review_width(&self) -> u32 {
        self.automatic_x - self.review_x
    }

    fn automatic_width(&self) -> u32 {
        WIDTH - self.automatic_x
    }
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let caller = who.caller();
    let id = ReviewId::new(visit.ask.param("line")).map_err(|_| Stop::Refused)?;
    let (found, marks, names, queue) = visit.portal.store.reading(|tx| {
        let review = tx.review(&id)?;
        let names = names_of(tx, review.iter())?;
        let open = tx.open_reviews(Some(&caller.facility), super::LINES_MAX)?;
        let queue: Vec<ReviewId> = open
            .into_iter()
            .filter(|r| r.state == ReviewState::Open)
            .map(|r| r.id)
            .collect();
        let found = decide::line(review, |r| lines_of(tx, r))?;
        Ok((found, marks_of(visit, tx)?, names, queue))
    })?;
    let released = released(visit, found)?;
    let body = released.try_map(|lines| {
        let line = lines.into_iter().next().ok_or(Stop::Refused)?;
        let page = page(visit, &line, &marks, &names, &queue)?;
        page.render().map(Body::html).map_err(Stop::from)
    })?;
    Ok(Reply::new(Egress::released(Action::PatientSearch, body)))
}

fn page(
    visit: &Visit<'_>,
    line: &Line,
    marks: &[Mark],
    names: &Names,
    queue: &[ReviewId],
) -> Result<LinePage, Stop> {
    let w = visit.w;
    let who = visit.who()?;
    let mark = |id: &FacilityId| {
        marks
            .iter()
            .find(|m| m.source == Source::Facility(id.clone()))
            .cloned()
            .ok_or(Stop::Refused)
    };
    let explanation = Explanation::from_json(&line.review.evidence);
    let rows = compare::rows(w, &line.a, &line.b);
    let (compared, differing) = compare::counts(&rows);
    let place = queue.iter().position(|id| *id == line.review.id);
    let review = &line.review;
    let own_proposal = review.state == ReviewState::Proposed
        && review
            .decision
            .as_ref()
            .is_some_and(|d| d.by == who.account.id);
    Ok(LinePage {
        shell: Shell::of(visit, "desk", w.line_title()),
        done: done(visit),
        place: place.map_or_else(String::new, |n| {
            w.line_place(queue.len(), n + 1).into_owned()
        }),
        since: w
            .line_since(&review.opened.in_jst().to_string())
            .into_owned(),
        band: explanation.as_ref().map(Band::of),
        summary: match differing {
            0 => w.line_summary_none(compared),
            n => w.line_summary(compared, n),
        }
        .into_owned(),
        sentences: explanation
            .as_ref()
            .map(|e| telling(visit, e))
            .unwrap_or_default(),
        why: explanation
            .as_ref()
            .map(|e| explain(w, e))
            .unwrap_or_default(),
        rows,
        sides: [mark(&line.a.facility)?, mark(&line.b.facility)?],
        notice: notice(visit, line, names, own_proposal),
        may_answer: review.state.waits() && !own_proposal,
        may_undo: own_proposal || matches!(review.state, ReviewState::Decided | ReviewState::Asked),
        action: format!("/desk/links/{}", review.id),
        csrf: who.session.csrf.clone(),
    })
}

/// What agrees and what held the pair back: the sentence beside the score.
fn telling(visit: &Visit<'_>, explanation: &Explanation) -> Vec<String> {
    let w = visit.w;
    let said = agreement(w, &explanation.levels)
        .into_iter()
        .chain(held(w, explanation));
    said.map(std::borrow::Cow::into_owned).collect()
}

/// How far the line has come, where that is not simply "waits".
fn notice(visit: &Visit<'_>, line: &Line, names: &Names, own: bool) -> Option<String> {
    let w = visit.w;
    let told = |d: &ReviewDecision| {
        (
            name_of(names, &d.by),
            d.at.in_jst().to_string(),
            answer_words(visit, d.decision),
        )
    };
    let decision = line.review.decision.as_ref().map(told);
    let words = match (line.review.state, decision) {
        (ReviewState::Proposed, Some((_, _, says))) if own => w.line_waits_own(&says),
        (ReviewState::Proposed, Some((name, _, says))) => w.line_waits_other(&name, &says),
        (ReviewState::Asked, Some((name, time, _))) => w.line_was_asked(&name, &time),
        (ReviewState::Decided, Some((name, time, says))) => w.line_was_decided(&name, &time, &says),
        (ReviewState::Settled, _) => w.line_settled(),
        _ => return None,
    };
    Some(words.into_owned())
}
