//! 受け入れ可能状況一覧: what each hospital can take in at present, by department, with its age; written by
//! its clerk; and what other communities told of theirs, each with its age. Those that tell nothing are named.

mod elsewhere;

use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, SignedIn, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::policy::role_writes_board;
use tasuki_core::ports::{Acceptance, BOARD_DEPARTMENTS_MAX, BoardLine};
use tasuki_core::{Code, Fault};
use tasuki_model::facility::Part;
use tasuki_model::{Facility, Instant};

/// Lines that are shown.
const LINES_MAX: u32 = 5_000;
/// After so many seconds a line is marked as old.
const OLD_SECONDS: i64 = 6 * 3_600;
/// Longest department and longest remark.
const DEPARTMENT_MAX: usize = 40;
const WORDS_MAX: usize = 120;

#[derive(Template)]
#[template(path = "pages/board/page.html")]
struct BoardPage {
    shell: Shell,
    csrf: String,
    writes: bool,
    states: Vec<(&'static str, String)>,
    places: Vec<Place>,
    others: Vec<Place>,
    silent: Vec<elsewhere::Silent>,
}

struct Place {
    name: String,
    /// Its community and when that told of it, where it is another one.
    community: String,
    phone: String,
    lines: Vec<Line>,
}

struct Line {
    department: String,
    state: String,
    words: String,
    age: String,
    old: bool,
    own: bool,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let (facilities, lines, told) = visit.portal.store.reading(|tx| {
        let told = elsewhere::told(visit, tx)?;
        Ok((tx.facilities()?, tx.board(LINES_MAX)?, told))
    })?;
    let (others, silent) = elsewhere::places(visit, &told);
    let states = Acceptance::ALL.iter();
    let page = BoardPage {
        shell: Shell::of(visit, "emergency", visit.w.board_title()),
        csrf: who.session.csrf.clone(),
        writes: writer(visit).is_ok(),
        states: states.map(|s| (s.code(), words(visit, *s))).collect(),
        places: facilities
            .iter()
            .filter(|f| f.part == Part::Disclosing)
            .map(|f| place(visit, who, f, &lines))
            .collect(),
        others,
        silent,
    };
    Ok(Reply::notice(page.render()?))
}

fn place(visit: &Visit<'_>, who: &SignedIn, facility: &Facility, lines: &[BoardLine]) -> Place {
    let own = facility.id == who.facility.id;
    let of_it = lines.iter().filter(|line| line.facility == facility.id);
    Place {
        name: facility_name(visit, facility),
        community: String::new(),
        phone: facility.phone.clone(),
        lines: of_it
            .map(|line| Line {
                department: line.department.to_string(),
                state: words(visit, line.acceptance),
                words: line.words.to_string(),
                age: age(visit, line.at),
                old: visit.now.seconds_since(line.at) > OLD_SECONDS,
                own,
            })
            .collect(),
    }
}

fn words(visit: &Visit<'_>, acceptance: Acceptance) -> String {
    match acceptance {
        Acceptance::Open => visit.w.board_open(),
        Acceptance::Ask => visit.w.board_ask(),
        Acceptance::Closed => visit.w.board_closed(),
    }
    .into_owned()
}

fn age(visit: &Visit<'_>, at: Instant) -> String {
    let minutes = visit.now.seconds_since(at).max(0) / 60;
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    match minutes {
        0..120 => visit.w.board_minutes(number(minutes)),
        120..2_880 => visit.w.board_hours(number(minutes / 60)),
        _ => visit.w.board_days(number(minutes / 1_440)),
    }
    .into_owned()
}

/// The clerk of a hospital that takes patients in.
fn writer<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    let discloses = who.facility.part == Part::Disclosing;
    match discloses && role_writes_board(who.session.membership.role) {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

pub(crate) fn write(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = writer(visit)?;
    let unsaid = |what: &str| Stop::Fault(Fault::new(Code::RequestWrong, what));
    let bounded = |name, most| -> String {
        let text = visit.ask.form(name).unwrap_or_default();
        text.chars()
            .filter(|c| !c.is_control())
            .take(most)
            .collect()
    };
    let department = bounded("department", DEPARTMENT_MAX);
    if department.is_empty() {
        return Err(unsaid("no department"));
    }
    let mut event = visit.event(Action::Administration, "board-form")?;
    let acceptance = visit.ask.form("acceptance");
    let line = match acceptance {
        Some("none") => None,
        said => Some(BoardLine {
            facility: who.facility.id.clone(),
            department: department.clone().into(),
            acceptance: said
                .and_then(Acceptance::from_code)
                .ok_or_else(|| unsaid("acceptance"))?,
            words: bounded("words", WORDS_MAX).into(),
            by: who.account.id.clone(),
            at: visit.now,
        }),
    };
    event.detail = Some(format!("{department} {}", acceptance.unwrap_or_default()));
    let fits = visit.portal.store.writing(|tx| {
        let Some(line) = &line else {
            tx.remove_board_line(&who.facility.id, &department)?;
            tx.append_audit(&event)?;
            return Ok(true);
        };
        let all = tx.board(LINES_MAX)?;
        let own = all.iter().filter(|l| l.facility == line.facility);
        let others = own.filter(|l| l.department != line.department).count();
        if others >= BOARD_DEPARTMENTS_MAX {
            return Ok(false);
        }
        tx.put_board_line(line)?;
        tx.append_audit(&event)?;
        Ok(true)
    })?;
    if !fits {
        return Err(unsaid("too many departments"));
    }
    let mut reply = Reply::redirect("/board");
    reply.audited = true;
    Ok(reply)
}
