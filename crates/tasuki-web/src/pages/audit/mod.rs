//! The audit trail, for privacy officer and auditor of a facility: what its people did, and what was done
//! with records of its patients, by whomever. Nothing of the records themselves.

mod file;
mod row;
mod search;

pub(crate) use file::file;

use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use row::Row;
use search::{ACTIONS, found};
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::release::Body;

#[derive(Template)]
#[template(path = "pages/audit/page.html")]
struct AuditPage {
    shell: Shell,
    asked: Asked,
    actions: Vec<(&'static str, String, bool)>,
    rows: Vec<Row>,
    lag: u64,
    more: bool,
    csv: String,
    /// What the check of every chain found, where it was asked for.
    checked: Option<Vec<String>>,
}

/// The form as it was sent, to be shown again.
struct Asked {
    patient: String,
    user: String,
    from: String,
    to: String,
}

/// Rows of the trail that one page takes into the search before it looks.
const ROWS_MAX: u32 = 5_000;

/// Takes what was done just now into the search, as far as one page may; the rest is shown as its lag.
pub(super) fn up_to_now(visit: &Visit<'_>) -> Result<(), Stop> {
    visit.portal.store.index_audit(ROWS_MAX)?;
    Ok(())
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let (rows, lag, more) = found(visit)?;
    let checked = match visit.ask.query("check") {
        Some(_) => Some(check(visit)?),
        None => None,
    };
    let typed = |name| visit.ask.query(name).unwrap_or_default().to_owned();
    let asked = |word: &str| visit.ask.query("action") == Some(word);
    let words = |(word, action): &(&'static str, Action)| {
        (*word, row::action_words(visit, *action), asked(word))
    };
    let query: Vec<(&str, &str)> = visit
        .ask
        .query
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let body = rows.try_map(|rows| {
        AuditPage {
            shell: Shell::of(visit, "reviews", visit.w.audit_title()),
            asked: Asked {
                patient: typed("patient"),
                user: typed("user"),
                from: typed("from"),
                to: typed("to"),
            },
            actions: ACTIONS.iter().map(words).collect(),
            rows,
            lag,
            more,
            csv: format!("/admin/audit/file?{query}"),
            checked,
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::AuditView, body)))
}

/// Checks every chain from end to end; what is wrong, by stream.
fn check(visit: &Visit<'_>) -> Result<Vec<String>, Stop> {
    let found = visit.portal.store.verify_audit()?;
    let words = found
        .into_iter()
        .map(|(stream, what)| format!("{stream}: {what:?}"));
    Ok(words.collect())
}
