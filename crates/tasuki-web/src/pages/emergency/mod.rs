//! 救急閲覧: find, reason, summary; three numbered steps that work without scripts and by keyboard alone.
//!
//! What is found is a row of its own ([`Emergency`](tasuki_core::ports::Emergency)) that belongs to one
//! user; its address says nothing of the patient. A record opens only with a reason, after the user has
//! said again who they are, and until an end that every page of the chart shows.

mod act;
mod find;
mod lookup;
mod mine;
mod steps;
mod summary;
mod tell;

pub(crate) use act::act;
pub(crate) use find::{find, show};
pub(crate) use mine::show as mine;
pub(crate) use steps::{reason, show as steps};

use crate::visit::{SignedIn, Stop, Visit};
use tasuki_core::policy::role_opens_emergencies;
use tasuki_core::ports::Emergency;
use tasuki_model::EmergencyId;

/// A patient who was found has to be confirmed within so many seconds.
const FOUND_SECONDS: i64 = 600;
/// Longest text of a field.
const TEXT_MAX: usize = 400;

/// The user, where emergencies are theirs.
fn physician<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    match role_opens_emergencies(who.session.membership.role) {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

/// The emergency of the path, where it is the user's own. Unknown and another's look the same.
fn own(visit: &Visit<'_>) -> Result<Emergency, Stop> {
    let who = physician(visit)?;
    let id = EmergencyId::new(visit.ask.param("emergency")).map_err(|_| Stop::Refused)?;
    let found = visit.portal.store.reading(|tx| tx.emergency(&id))?;
    let own = found.filter(|emergency| {
        emergency.user == who.account.id
            && emergency.facility == who.facility.id
            && emergency.role == who.session.membership.role
    });
    own.ok_or(Stop::Refused)
}

/// What was typed into a field, bounded.
fn typed(visit: &Visit<'_>, name: &str) -> String {
    let text = visit.ask.form(name).unwrap_or_default();
    text.chars().take(TEXT_MAX).collect()
}

/// A code as a page says it: what happened and its id.
fn failed(visit: &Visit<'_>, code: tasuki_core::Code) -> (String, &'static str) {
    let text = match visit.japanese() {
        true => format!("{}{}", code.outside_ja(), code.advice_ja()),
        false => format!("{} {}", code.outside_en(), code.advice_en()),
    };
    (text, code.id())
}
