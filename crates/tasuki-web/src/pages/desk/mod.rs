//! 受付: the identity desk. The clerk's queue of pairs that may be one person, what waits for a
//! second person or for a hospital's answer, and what was decided, to be undone. Operators see
//! numbers only, everybody else nothing. No clinical content, ever.

mod compare;
mod decide;
mod line;

pub(crate) use decide::decide;
pub(crate) use line::show as line;

use crate::chart::lines::mark_of;
use crate::marks::Mark;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::gather::Source;
use tasuki_core::policy::{Line, release_lines, role_decides_identity};
use tasuki_core::ports::{IdentityCounts, LinkDecision, Reading, Review, ReviewState};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Fault, Released};
use tasuki_model::facility::Part;
use tasuki_model::{ReviewId, Role};

/// Lines of one list.
const LINES_MAX: u32 = 50;

#[derive(Template)]
#[template(path = "pages/desk/page.html")]
struct DeskPage {
    shell: Shell,
    /// What was just done, with the line to undo it.
    done: Option<Done>,
    counters: Vec<(String, u64)>,
    open: Vec<QueueLine>,
    lists: Vec<List>,
    more: bool,
    /// Documents with another patient inside that nobody has dealt with.
    misfiled: usize,
    /// Whether the facility lets emergency doctors in.
    invites: bool,
    csrf: String,
}

/// Lines that do not simply wait.
struct List {
    title: String,
    lines: Vec<QueueLine>,
    /// Whether a line can be undone from here.
    undo: bool,
}

/// What was just done at the desk.
pub(super) struct Done {
    pub says: String,
    pub undo: Option<String>,
}

struct QueueLine {
    href: String,
    since: String,
    kana: String,
    name: String,
    other_kana: String,
    other_name: String,
    other: Mark,
    why: String,
    /// Who decided or asked, what, and when.
    by: String,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let caller = visit.who()?.caller();
    match caller.role {
        role if role_decides_identity(role) => queue(visit),
        Role::NetworkOperator => counts(visit),
        _ => none(visit),
    }
}

/// Reviews with both their registrations. One whose registration is gone is left out.
pub(super) fn lines_of(tx: &dyn Reading, reviews: Vec<Review>) -> Result<Vec<Line>, Fault> {
    let mut lines = Vec::with_capacity(reviews.len());
    for review in reviews {
        if let (Some(a), Some(b)) = (tx.registration(&review.a)?, tx.registration(&review.b)?) {
            lines.push(Line { review, a, b });
        }
    }
    Ok(lines)
}

fn queue(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let caller = who.caller();
    let (marks, lines, names, counted, misfiled) = visit.portal.store.reading(|tx| {
        let open = tx.open_reviews(Some(&caller.facility), LINES_MAX + 1)?;
        let decided = tx.decided_reviews(Some(&caller.facility), LINES_MAX)?;
        let names = names_of(tx, open.iter().chain(&decided))?;
        let marks = marks_of(visit, tx)?;
        let lines = (lines_of(tx, open)?, lines_of(tx, decided)?);
        let misfiled = tx.misfiled(&caller.facility, LINES_MAX)?;
        let misfiled = misfiled.iter().filter(|m| m.dealt.is_none()).count();
        let counted = tx.review_counts(&caller.facility)?;
        Ok((marks, lines, names, counted, misfiled))
    })?;
    let (waiting, decided) = lines;
    let more = waiting.len() > LINES_MAX as usize;
    let released = release_lines(&caller, waiting).zip(release_lines(&caller, decided));
    let body = released.try_map(|(waiting, decided)| {
        let view = View {
            visit,
            marks: &marks,
            names: &names,
        };
        let of = |state| -> Vec<QueueLine> {
            let mine = waiting.iter().filter(|line| line.review.state == state);
            mine.take(LINES_MAX as usize)
                .filter_map(|line| view.line(line))
                .collect()
        };
        let (open, proposed) = (of(ReviewState::Open), of(ReviewState::Proposed));
        let asked = of(ReviewState::Asked);
        let decided: Vec<QueueLine> = decided.iter().filter_map(|line| view.line(line)).collect();
        let w = visit.w;
        DeskPage {
            shell: Shell::of(visit, "desk", w.desk_title()),
            done: done(visit),
            counters: [
                (w.desk_waiting(), ReviewState::Open),
                (w.desk_proposed(), ReviewState::Proposed),
                (w.desk_asked(), ReviewState::Asked),
                (w.desk_decided(), ReviewState::Decided),
            ]
            .into_iter()
            .map(|(title, state)| (title.into_owned(), count_of(&counted, state)))
            .collect(),
            open,
            lists: [
                (w.desk_proposed_title(), proposed, false),
                (w.desk_asked_title(), asked, true),
                (w.desk_decided_title(), decided, true),
            ]
            .into_iter()
            .filter(|(_, lines, _)| !lines.is_empty())
            .map(|(title, lines, undo)| List {
                title: title.into_owned(),
                lines,
                undo,
            })
            .collect(),
            more,
            misfiled,
            invites: who.facility.part == Part::Disclosing,
            csrf: who.session.csrf.clone(),
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::PatientSearch, body)))
}

fn count_of(counted: &[(ReviewState, u64)], state: ReviewState) -> u64 {
    let found = counted.iter().find(|(s, _)| *s == state);
    found.map_or(0, |(_, count)| *count)
}

pub(super) fn marks_of(visit: &Visit<'_>, tx: &dyn Reading) -> Result<Vec<Mark>, Fault> {
    let facilities = tx.facilities()?;
    Ok(facilities.iter().map(|f| Mark::of(visit, f)).collect())
}

/// Names of those who decided something.
pub(super) type Names = Vec<(tasuki_model::UserId, String)>;

pub(super) fn names_of<'a>(
    tx: &dyn Reading,
    reviews: impl Iterator<Item = &'a Review>,
) -> Result<Names, Fault> {
    let mut names = Names::new();
    for decision in reviews.filter_map(|review| review.decision.as_ref()) {
        if !names.iter().any(|(user, _)| *user == decision.by)
            && let Some(account) = tx.account(&decision.by)?
        {
            names.push((decision.by.clone(), account.name));
        }
    }
    Ok(names)
}

pub(super) fn name_of(names: &Names, user: &tasuki_model::UserId) -> String {
    let found = names.iter().find(|(id, _)| id == user);
    found.map(|(_, name)| name.clone()).unwrap_or_default()
}

/// "Same" or "not the same" in words.
pub(super) fn answer_words(visit: &Visit<'_>, decision: LinkDecision) -> String {
    match decision {
        LinkDecision::Same | LinkDecision::Automatic | LinkDecision::Merged => {
            visit.w.desk_says_same().into_owned()
        }
        LinkDecision::NotSame => visit.w.desk_says_not_same().into_owned(),
        LinkDecision::Unlink => visit.w.desk_asked().into_owned(),
    }
}

struct View<'a> {
    visit: &'a Visit<'a>,
    marks: &'a [Mark],
    names: &'a Names,
}

impl View<'_> {
    fn line(&self, line: &Line) -> Option<QueueLine> {
        let w = self.visit.w;
        let rows = compare::rows(w, &line.a, &line.b);
        let differing = rows.iter().filter(|row| row.differs());
        let why: Vec<String> = differing
            .map(|row| format!("{}: {}", row.label, row.says))
            .collect();
        let by = line.review.decision.as_ref().map(|d| {
            let says = answer_words(self.visit, d.decision);
            let time = d.at.in_jst().to_string();
            let by = w.desk_by(&name_of(self.names, &d.by), &time).into_owned();
            format!("{says}　{by}")
        });
        let (own, other) = (&line.a.demographics.name, &line.b.demographics.name);
        Some(QueueLine {
            href: format!("/desk/links/{}", line.review.id),
            since: line.review.opened.in_jst().to_string(),
            kana: own.kana(),
            name: own.display(),
            other_kana: other.kana(),
            other_name: other.display(),
            other: mark_of(self.marks, &Source::Facility(line.b.facility.clone()))?.clone(),
            why: if why.is_empty() {
                w.line_summary_none(compare::counts(&rows).0).into_owned()
            } else {
                why.join(&w.identity_join())
            },
            by: by.unwrap_or_default(),
        })
    }
}

/// What the form before this page did, as the address says. Words only: it proves nothing.
pub(super) fn done(visit: &Visit<'_>) -> Option<Done> {
    let w = visit.w;
    let (says, undo) = match visit.ask.query("done")? {
        "same" => (w.desk_done_same(), true),
        "not-same" => (w.desk_done_not_same(), true),
        "asked" => (w.desk_done_asked(), true),
        "proposed" => (w.desk_done_proposed(), true),
        "undone" => (w.desk_done_undone(), false),
        _ => return None,
    };
    let line = visit
        .ask
        .query("line")
        .and_then(|id| ReviewId::new(id).ok());
    Some(Done {
        says: says.into_owned(),
        undo: line.filter(|_| undo).map(|id| format!("/desk/links/{id}")),
    })
}

/// Numbers of the whole community: no patient, no facility.
fn counts(visit: &Visit<'_>) -> Result<Reply, Stop> {
    #[derive(Template)]
    #[template(path = "pages/desk/counts.html")]
    struct CountsPage {
        shell: Shell,
        counts: IdentityCounts,
    }
    let counts = visit.portal.store.reading(|tx| tx.identity_counts())?;
    let shell = Shell::of(visit, "desk", visit.w.desk_counts_title());
    Ok(Reply::notice(CountsPage { shell, counts }.render()?))
}

/// For every other role: the page says so.
fn none(visit: &Visit<'_>) -> Result<Reply, Stop> {
    #[derive(Template)]
    #[template(path = "pages/desk/none.html")]
    struct NoDesk {
        shell: Shell,
    }
    let shell = Shell::of(visit, "desk", visit.w.desk_title());
    Ok(Reply::notice(NoDesk { shell }.render()?))
}

/// One line, if this caller may see it.
pub(super) fn released(visit: &Visit<'_>, line: Option<Line>) -> Result<Released<Vec<Line>>, Stop> {
    let released = release_lines(&visit.who()?.caller(), line.into_iter().collect());
    if released.view().is_empty() {
        return Err(Stop::Refused);
    }
    Ok(released)
}
