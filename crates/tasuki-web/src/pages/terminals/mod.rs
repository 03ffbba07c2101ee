//! 端末: the terminals of a facility, kept by its administrators: enrol, approve, revoke, and see which
//! certificates end. Shows no patient; to everybody else the page is not there.

mod act;
mod enrol;
mod list;
mod one;
mod state;

pub(crate) use act::act;
pub(crate) use enrol::enrol;
pub(crate) use one::{pem, show as one};

use crate::pages::words_of;
use crate::shell::Shell;
use crate::sign_in::{random_hex, sha256};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use state::State;
use std::sync::Arc;
use tasuki_core::policy::role_keeps_terminals;
use tasuki_core::ports::{
    DOWNLOAD_SECONDS, Reading, TERMINALS_MAX, Terminal, TerminalDownload, Writing,
};
use tasuki_core::terminal::{RENEWAL_DAYS, TerminalCertifying, days_left, passphrase};
use tasuki_core::{Caller, Code, Fault};

/// Terminals that are listed: those in use, and as many that are not.
const LISTED_MAX: u32 = 2 * TERMINALS_MAX;
/// Characters of a code.
const CODE_CHARS: usize = 20;

#[derive(Template)]
#[template(path = "pages/terminals/page.html")]
struct TerminalsPage {
    shell: Shell,
    csrf: String,
    failed: Option<(&'static str, &'static str)>,
    lines: Vec<Line>,
    /// How many end soon.
    ending: i64,
    warned: i64,
    days: u32,
    /// What was typed, where it was not taken.
    typed: Typed,
    shown: Shown,
}

/// What a list has brought about.
#[derive(Default)]
struct Shown {
    /// What is handed over, by the name of the terminal: shown once.
    handed: Vec<(String, Handed)>,
    /// What became of each line.
    checked: Vec<list::Checked>,
    /// What stays in the field.
    list: String,
}

/// The form as it was typed.
#[derive(Default)]
struct Typed {
    name: String,
    place: String,
    owner: String,
    request: String,
}

/// One terminal.
struct Line {
    href: String,
    name: String,
    place: String,
    /// Whose, where it is one user's.
    owner: Option<String>,
    state: String,
    /// It ends soon, or does not count.
    marked: bool,
    until: Option<String>,
    used: Option<String>,
}

/// What waits for a terminal, as it is handed over: shown once.
pub(crate) struct Handed {
    /// The code that gives the file, once.
    pub code: String,
    /// What the file is encrypted under.
    pub passphrase: String,
}

/// Who keeps terminals; to others nothing is here.
fn keeper(visit: &Visit<'_>) -> Result<Caller, Stop> {
    let caller = visit.who()?.caller();
    match role_keeps_terminals(caller.role) {
        true => Ok(caller),
        false => Err(Stop::Refused),
    }
}

/// What makes certificates.
pub(crate) fn certifying<'a>(
    visit: &'a Visit<'_>,
) -> Result<&'a Arc<dyn TerminalCertifying>, Fault> {
    let none = || Fault::new(Code::InternalFault, "nothing certifies terminals here");
    visit.portal.certifying.as_ref().ok_or_else(none)
}

/// Lets a certificate wait for its terminal.
pub(crate) fn wait(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    terminal: &Terminal,
) -> Result<Handed, Fault> {
    let code: String = random_hex()?.chars().take(CODE_CHARS).collect();
    let passphrase = passphrase()?;
    let download = TerminalDownload {
        code_sha256: sha256(&code),
        terminal: terminal.id.clone(),
        passphrase: passphrase.clone(),
        expires: visit.now.plus_seconds(DOWNLOAD_SECONDS),
    };
    tx.put_terminal_download(&download, visit.now)?;
    Ok(Handed { code, passphrase })
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(render(visit, None, Shown::default())?))
}

/// The list again, with why a form was not taken.
fn refused(visit: &Visit<'_>, code: Code, shown: Shown) -> Result<Reply, Stop> {
    let mut reply = Reply::notice(render(visit, Some(code), shown)?);
    reply.status = 422;
    Ok(reply.with_detail(code.id().to_owned()))
}

fn render(visit: &Visit<'_>, failed: Option<Code>, shown: Shown) -> Result<String, Stop> {
    let caller = keeper(visit)?;
    let found = visit.portal.store.reading(|tx| {
        let terminals = tx.terminals_at(&caller.facility, LISTED_MAX)?;
        let lines = terminals.iter().map(|terminal| line(visit, tx, terminal));
        lines.collect::<Result<Vec<_>, Fault>>()
    })?;
    let ending: i64 = found.iter().filter(|(_, soon)| *soon).map(|_| 1).sum();
    let form = |name: &str| match failed {
        Some(_) => visit.ask.form(name).unwrap_or_default().to_owned(),
        None => String::new(),
    };
    let page = TerminalsPage {
        shell: Shell::of(visit, "terminals", visit.w.terminals_title()),
        csrf: visit.who()?.session.csrf.clone(),
        failed: failed.map(|code| (visit.says(code), code.id())),
        lines: found.into_iter().map(|(line, _)| line).collect(),
        ending,
        warned: RENEWAL_DAYS,
        days: visit.portal.config.terminals.days,
        typed: Typed {
            name: form("name"),
            place: form("place"),
            owner: form("owner"),
            request: form("request"),
        },
        shown,
    };
    Ok(page.render()?)
}

/// A line of the list, and whether its certificate ends soon.
fn line(
    visit: &Visit<'_>,
    tx: &(impl Reading + ?Sized),
    terminal: &Terminal,
) -> Result<(Line, bool), Fault> {
    let certificates = tx.terminal_certificates_of(&terminal.id)?;
    let waits = tx.terminal_waits(&terminal.id)?;
    let state = State::of(
        terminal,
        &certificates,
        waits,
        visit.portal.config.four_eyes,
        visit.now,
    );
    let owner = match &terminal.owner {
        Some(user) => tx.account(user)?.map(|account| account.name),
        None => None,
    };
    let until = certificates.first().map(|certificate| certificate.until);
    let soon = state == State::InUse
        && until.is_some_and(|until| days_left(until, visit.now) < RENEWAL_DAYS);
    let used = certificates.iter().filter_map(|c| c.used).max();
    let line = Line {
        href: format!("/admin/terminals/{}", terminal.id),
        name: terminal.name.to_string(),
        place: terminal.place.to_string(),
        owner,
        state: state.words(visit.w),
        marked: soon || !matches!(state, State::InUse | State::Revoked),
        until: until.map(|at| words_of::long_day(visit.w, at.in_jst().day())),
        used: used.map(|at| at.in_jst().to_string()),
    };
    Ok((line, soon))
}
