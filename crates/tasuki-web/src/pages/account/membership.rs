//! Where the user works now, of the places where they may: a session is at one facility in one role.

use crate::pages::words_of;
use crate::terminals;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::ports::Session;

/// The memberships of the user: number, words, and whether it is the one in force.
pub(super) fn of(visit: &Visit<'_>) -> Result<Vec<(usize, String, bool)>, Stop> {
    let who = visit.who()?;
    let facilities = visit.portal.store.reading(|tx| tx.facilities())?;
    let line = |(at, m): (usize, &tasuki_core::ports::Membership)| {
        let facility = facilities.iter().find(|f| f.id == m.facility);
        let place = facility.map_or_else(String::new, |f| crate::shell::facility_name(visit, f));
        let role = words_of::role(visit.w, m.role);
        let here = *m == who.session.membership;
        (at, format!("{place} {} {role}", m.section), here)
    };
    Ok(who
        .account
        .memberships
        .iter()
        .enumerate()
        .map(line)
        .collect())
}

/// Puts the session to another membership of its user.
pub(crate) fn choose(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let at = visit.ask.form("membership").and_then(|at| at.parse().ok());
    let membership = at.and_then(|at: usize| who.account.memberships.get(at));
    let membership = membership.ok_or(Stop::Refused)?;
    if !terminals::serves(visit.portal, &visit.terminal, &who.account, membership) {
        return Err(Stop::Fault(terminals::elsewhere()));
    }
    let session = Session {
        membership: membership.clone(),
        ..who.session.clone()
    };
    visit.portal.store.writing(|tx| tx.put_session(&session))?;
    let role = session.membership.role.code();
    let detail = format!("at {} as {role}", session.membership.facility);
    Ok(Reply::redirect("/").with_detail(detail))
}
